package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Masked, weighted token cross-entropy Σ w·(logsumexp(z) − z[target]), never dividing: the caller
 * divides once, by the weights of the whole optimizer step.
 *
 * <p>Positions of weight zero are sorted to the back and logits are computed, a chunk of positions
 * at a time, only for those in front, in a loop whose trip count is known only on the device. The
 * logits of a whole batch never exist, and neither do those of masked positions. The same loop
 * computes the gradients, so the head is multiplied three times and not four.
 */
public final class CrossEntropy {
  private static final String TOKEN = "token";
  private static final String CHUNK = "chunk";
  private static final String VOCABULARY = Head.VOCABULARY;
  private static final String EMBED = Head.EMBED;

  /** Most logits that a chunk may hold. */
  private static final int LOGITS = 1 << 24;

  private CrossEntropy() {}

  /**
   * What the loss is computed from.
   *
   * @param hidden {@code [batch, seq, embed]}, after the last norm
   * @param head what logits come from
   * @param targets i32 {@code [batch, seq]}
   * @param weights f32 {@code [batch, seq]}; any sign, 0 = not supervised
   */
  public record Inputs(Tensor hidden, Head head, Tensor targets, Tensor weights) {}

  /**
   * Σ w·loss, an f32 scalar, differentiable by hidden states and head.
   *
   * @param inputs states, head, targets and weights
   * @param differentiable whether the gradients are computed on the way
   */
  public static Tensor weightedSum(Inputs inputs, boolean differentiable) {
    int tokens = inputs.hidden().axis("batch").size() * inputs.hidden().axis("seq").size();
    return weightedSum(
        inputs, differentiable, chunkSize(tokens, inputs.head().weight().axis(VOCABULARY).size()));
  }

  /** As above, with {@code chunk} positions at a time, at most all there are. */
  static Tensor weightedSum(Inputs inputs, boolean differentiable, int chunk) {
    List<String> flat = List.of("batch", "seq");
    Tensor hidden = inputs.hidden().merge(flat, TOKEN);
    Head head = inputs.head();
    Rows rows =
        Rows.of(inputs.weights().merge(flat, TOKEN), inputs.targets().merge(flat, TOKEN), chunk);

    List<Tensor> state = new ArrayList<>();
    state.add(Tensors.scalar(DType.I32, 0));
    state.add(Tensors.scalar(DType.F32, 0));
    Shape rowGradients = Shape.of(hidden.dtype(), rows.order().axis(TOKEN), hidden.axis(EMBED));
    if (differentiable) {
      state.add(Tensors.fill(rowGradients, 0));
      state.add(Tensors.fill(head.weight().shape().withDtype(DType.F32), 0));
    }
    List<Tensor> end =
        Tensors.whileLoop(
            state,
            now -> now.getFirst().compare(Comparison.LT, rows.count()),
            now -> {
              Chunk part = Chunk.of(rows, hidden, head, now.getFirst(), chunk);
              List<Tensor> next = new ArrayList<>();
              next.add(now.get(0).plus(chunk));
              next.add(now.get(1).plus(part.loss()));
              if (differentiable) {
                next.add(
                    now.get(2)
                        .dynamicUpdate(
                            TOKEN, now.get(0), part.hiddenGradient().rename(CHUNK, TOKEN)));
                next.add(now.get(3).plus(part.headGradient()));
              }
              return next;
            });
    Tensor loss = end.get(1);
    if (!differentiable) {
      return loss;
    }
    return Tensors.customVjp(
            List.of(inputs.hidden(), head.weight()),
            List.of(loss),
            cotangents -> {
              Tensor by = cotangents.getFirst();
              Tensor rowsBack = end.get(2).take(TOKEN, rows.inverse());
              Tensor hiddenGradient = rowsBack.rename("place", TOKEN);
              return List.of(
                  scaled(hiddenGradient, by)
                      .split(TOKEN, inputs.hidden().axis("batch"), inputs.hidden().axis("seq")),
                  scaled(end.get(3), by).convert(head.weight().dtype()));
            })
        .getFirst();
  }

  /**
   * The logarithm of the probability that the model gives each target, f32 {@code [batch, seq]}; 0
   * where the weight is 0. Logits are computed as for the loss, a chunk of positions at a time.
   *
   * @param inputs states, head and targets; of the weights only whether they are 0 counts
   */
  public static Tensor logProbabilities(Inputs inputs) {
    int tokens = inputs.hidden().axis("batch").size() * inputs.hidden().axis("seq").size();
    return logProbabilities(
        inputs, chunkSize(tokens, inputs.head().weight().axis(VOCABULARY).size()));
  }

  /** As above, with {@code chunk} positions at a time, at most all there are. */
  static Tensor logProbabilities(Inputs inputs, int chunk) {
    List<String> flat = List.of("batch", "seq");
    Tensor hidden = inputs.hidden().merge(flat, TOKEN);
    Rows rows =
        Rows.of(inputs.weights().merge(flat, TOKEN), inputs.targets().merge(flat, TOKEN), chunk);
    List<Tensor> end =
        Tensors.whileLoop(
            List.of(
                Tensors.scalar(DType.I32, 0),
                Tensors.fill(Shape.of(DType.F32, rows.order().axis(TOKEN)), 0)),
            now -> now.getFirst().compare(Comparison.LT, rows.count()),
            now -> {
              Tensor picked = rows.slice(rows.order(), now.getFirst(), chunk);
              Scores scores =
                  Scores.of(
                      hidden.take(TOKEN, picked),
                      inputs.head(),
                      rows.slice(rows.targets(), now.getFirst(), chunk));
              Tensor weighted =
                  rows.slice(rows.weights(), now.getFirst(), chunk).compare(Comparison.NE, 0);
              Tensor values = scores.target().minus(scores.sum().log());
              return List.of(
                  now.getFirst().plus(chunk),
                  now.get(1)
                      .dynamicUpdate(
                          TOKEN,
                          now.getFirst(),
                          weighted.select(values, Tensors.zerosLike(values)).rename(CHUNK, TOKEN)));
            });
    return end.get(1)
        .take(TOKEN, rows.inverse())
        .rename("place", TOKEN)
        .split(TOKEN, inputs.hidden().axis("batch"), inputs.hidden().axis("seq"));
  }

  private static Tensor scaled(Tensor gradient, Tensor by) {
    return gradient.times(by.convert(gradient.dtype()).like(gradient));
  }

  /** The largest power of two whose logits fit, at most the number of positions. */
  static int chunkSize(int tokens, int vocabulary) {
    int chunk = 64;
    while (chunk < tokens && 2L * chunk * vocabulary <= LOGITS) {
      chunk *= 2;
    }
    return Math.min(chunk, tokens);
  }

  /**
   * Positions with the supervised ones in front, padded to whole chunks.
   *
   * @param order which position stands at each place
   * @param inverse at which place each position stands, along the axis {@code place}
   * @param targets and {@code weights} in that order
   * @param count how many are supervised
   */
  private record Rows(Tensor order, Tensor inverse, Tensor targets, Tensor weights, Tensor count) {
    static Rows of(Tensor weights, Tensor targets, int chunk) {
      Axis axis = weights.axis(TOKEN);
      Tensor masked = weights.compare(Comparison.EQ, 0).convert(DType.I32);
      Tensor order = Tensors.sort(TOKEN, masked, Tensors.iota(DType.I32, axis)).get(1);
      Tensor inverse = Tensors.sort(TOKEN, order, Tensors.iota(DType.I32, axis)).get(1);
      Tensor place = order.rename(TOKEN, "place");
      int padding = (chunk - axis.size() % chunk) % chunk;
      return new Rows(
          order.pad(TOKEN, 0, padding),
          inverse.rename(TOKEN, "place"),
          targets.take(TOKEN, place).rename("place", TOKEN).pad(TOKEN, 0, padding),
          weights.take(TOKEN, place).rename("place", TOKEN).pad(TOKEN, 0, padding),
          masked.negate().plus(1).total());
    }

    Tensor slice(Tensor of, Tensor start, int chunk) {
      return of.dynamicSlice(TOKEN, start, chunk).rename(TOKEN, CHUNK);
    }
  }

  /**
   * What a chunk of positions says of its targets; all relative to the largest logit of each.
   *
   * @param squashed what bounds the logits, see {@link Head#squashed}
   * @param exponentials of the logits
   * @param sum of those
   * @param chosen where the target stands in the vocabulary
   * @param target the logit of the target
   */
  private record Scores(
      Optional<Tensor> squashed, Tensor exponentials, Tensor sum, Tensor chosen, Tensor target) {
    static Scores of(Tensor states, Head head, Tensor targets) {
      Tensor product = head.product(states);
      Optional<Tensor> squashed = head.squashed(product);
      Tensor logits = head.bounded(product, squashed);
      Tensor shifted = logits.minus(logits.max(VOCABULARY).like(logits));
      Tensor exponentials = shifted.exp();
      Tensor chosen =
          Tensors.iota(DType.I32, head.weight().axis(VOCABULARY))
              .like(logits)
              .compare(Comparison.EQ, targets.like(logits));
      return new Scores(
          squashed,
          exponentials,
          exponentials.sum(VOCABULARY),
          chosen,
          chosen.select(shifted, Tensors.zerosLike(logits)).sum(VOCABULARY));
    }
  }

  /** Loss and gradients of one chunk of positions. */
  private record Chunk(Tensor loss, Tensor hiddenGradient, Tensor headGradient) {
    static Chunk of(Rows rows, Tensor hidden, Head head, Tensor start, int chunk) {
      Tensor picked = rows.slice(rows.order(), start, chunk);
      Tensor targets = rows.slice(rows.targets(), start, chunk);
      Tensor weights = rows.slice(rows.weights(), start, chunk);
      Tensor states = hidden.take(TOKEN, picked);
      Scores scores = Scores.of(states, head, targets);
      Tensor loss = weights.times(scores.sum().log().minus(scores.target())).total();
      Tensor exponentials = scores.exponentials();
      Tensor probabilities = exponentials.dividedBy(scores.sum().like(exponentials));
      Tensor byLogits =
          probabilities.minus(scores.chosen().convert(DType.F32)).times(weights.like(exponentials));
      Tensor gradient =
          scores
              .squashed()
              .map(small -> byLogits.times(small.square().negate().plus(1)))
              .orElse(byLogits)
              .convert(hidden.dtype());
      return new Chunk(
          loss,
          gradient.dot(head.weight(), VOCABULARY),
          gradient.dot(states, DType.F32, List.of(CHUNK)));
    }
  }
}
