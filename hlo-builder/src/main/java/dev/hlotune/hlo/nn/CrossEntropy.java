package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Role;
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
 *
 * <p>Where devices cut the batch, each sorts and takes its own positions, and the loop goes on as
 * long as one of them has supervised ones left.
 */
public final class CrossEntropy {
  private static final String TOKEN = Positions.TOKEN;
  private static final String CHUNK = "chunk";
  private static final String VOCABULARY = Head.VOCABULARY;

  /** Name of the smoothing's weight among inputs of a step, an f32 scalar. */
  public static final String LABEL_SMOOTHING = "label_smoothing";

  /** Name of the weight of the squared log-partition, likewise. */
  public static final String Z_LOSS = "z_loss";

  /** Most logits that a chunk may hold. */
  private static final int LOGITS = 1 << 24;

  /** Positions of a chunk where the batch may be of any size: few enough for small ones. */
  private static final int ANY = 128;

  private CrossEntropy() {}

  /**
   * What the loss is computed from.
   *
   * @param hidden {@code [batch, seq, embed]}, after the last norm
   * @param head what logits come from
   * @param targets i32 {@code [batch, seq]}
   * @param weights f32 {@code [batch, seq]}; any sign, 0 = not supervised
   * @param change what the loss of a token is other than its cross-entropy
   * @param spread how the batch is cut
   */
  public record Inputs(
      Tensor hidden, Head head, Tensor targets, Tensor weights, TokenLoss change, Spread spread) {
    /** Of the cross-entropy itself, on one device. */
    public Inputs(Tensor hidden, Head head, Tensor targets, Tensor weights) {
      this(hidden, head, targets, weights, TokenLoss.PLAIN, Spread.NONE);
    }

    Positions positions() {
      return Positions.of(hidden, spread);
    }

    private int chunkSize() {
      int positions = spread.anySize() ? ANY : positions().count();
      return CrossEntropy.chunkSize(positions, head.weight().axis(VOCABULARY).size());
    }

    /** Places behind the last position, so that no chunk goes beyond the end. */
    private int padding(int chunk) {
      // What is more than is needed is never taken, and no remainder of the sizes is in the text.
      return spread.anySize() ? chunk - 1 : (chunk - positions().count() % chunk) % chunk;
    }
  }

  /**
   * Σ w·loss, an f32 scalar, differentiable by hidden states and, where it is trained, the head.
   *
   * @param inputs states, head, targets and weights
   * @param differentiable whether the gradients are computed on the way
   */
  public static Tensor weightedSum(Inputs inputs, boolean differentiable) {
    return weightedSum(inputs, differentiable, inputs.chunkSize());
  }

  /** As above, with {@code chunk} positions at a time. */
  static Tensor weightedSum(Inputs inputs, boolean differentiable, int chunk) {
    Positions positions = inputs.positions();
    List<Head.Term> given = inputs.head().terms(inputs.hidden());
    List<Head.Term> terms = flat(given, positions);
    Rows rows =
        Rows.of(
            positions.flat(inputs.weights()),
            positions.flat(inputs.targets()),
            inputs.padding(chunk));

    List<Tensor> state = new ArrayList<>();
    state.add(Tensors.scalar(DType.I32, 0));
    state.add(zeros(DType.F32, positions));
    if (differentiable) {
      for (Head.Term term : terms) {
        Tensor states = term.states();
        state.add(
            zeros(states.dtype(), positions, rows.order().axis(TOKEN), states.axis(term.axis())));
        if (term.trained()) {
          Axis[] own = term.weight().shape().axes().toArray(Axis[]::new);
          state.add(zeros(DType.F32, positions, own));
        }
      }
    }
    List<Tensor> end =
        Tensors.whileLoop(
            state,
            now -> now.getFirst().compare(Comparison.LT, rows.count()),
            now -> {
              Tensor start = now.getFirst();
              Chunk part = Chunk.of(rows, terms, inputs, start, chunk);
              List<Tensor> next = new ArrayList<>();
              next.add(start.plus(chunk));
              next.add(now.get(1).plus(part.loss()));
              if (differentiable) {
                for (Head.Term term : part.terms()) {
                  Tensor rowGradients = term.stateGradient(part.byLogits()).rename(CHUNK, TOKEN);
                  next.add(now.get(next.size()).dynamicUpdate(TOKEN, start, rowGradients));
                  if (term.trained()) {
                    next.add(
                        now.get(next.size()).plus(term.weightGradient(part.byLogits(), CHUNK)));
                  }
                }
              }
              return next;
            });
    Tensor loss = Positions.total(end.get(1));
    if (!differentiable) {
      return loss;
    }
    List<Tensor> by = new ArrayList<>();
    for (Head.Term term : given) {
      by.add(term.states());
      if (term.trained()) {
        by.add(term.weight());
      }
    }
    return Tensors.customVjp(
            by,
            List.of(loss),
            cotangents ->
                backward(given, positions, rows, end.subList(2, end.size()), cotangents.getFirst()))
        .getFirst();
  }

  /** Zeros of each part. */
  private static Tensor zeros(DType dtype, Positions positions, Axis... axes) {
    return Tensors.fill(new Shape(dtype, positions.parts()).append(axes), 0)
        .constrain(Role.ACTIVATION);
  }

  /** Terms of positions one behind the other, whose weights are not kept from the first layers. */
  private static List<Head.Term> flat(List<Head.Term> terms, Positions positions) {
    return terms.stream()
        .map(term -> term.withWeight(Tensors.again(term.weight(), term.states())))
        .map(term -> term.withStates(positions.flat(term.states())))
        .toList();
  }

  /** Gradients by every term's states and, where it is trained, weight. */
  private static List<Tensor> backward(
      List<Head.Term> terms, Positions positions, Rows rows, List<Tensor> sums, Tensor by) {
    List<Tensor> gradients = new ArrayList<>();
    for (Head.Term term : terms) {
      Tensor inOrder = sums.get(gradients.size()).take(TOKEN, rows.inverse());
      gradients.add(positions.square(scaled(inOrder.rename("place", TOKEN), by)));
      if (term.trained()) {
        Tensor sum = Positions.total(sums.get(gradients.size()));
        gradients.add(scaled(sum, by).convert(term.weight().dtype()));
      }
    }
    return gradients;
  }

  /**
   * The logarithm of the probability that the model gives each target, f32 {@code [batch, seq]}; 0
   * where the weight is 0. Logits are computed as for the loss, a chunk of positions at a time.
   *
   * @param inputs states, head and targets; of the weights only whether they are 0 counts
   */
  public static Tensor logProbabilities(Inputs inputs) {
    return logProbabilities(inputs, inputs.chunkSize());
  }

  /** As above, with {@code chunk} positions at a time. */
  static Tensor logProbabilities(Inputs inputs, int chunk) {
    Positions positions = inputs.positions();
    List<Head.Term> terms = flat(inputs.head().terms(inputs.hidden()), positions);
    Rows rows =
        Rows.of(
            positions.flat(inputs.weights()),
            positions.flat(inputs.targets()),
            inputs.padding(chunk));
    List<Tensor> end =
        Tensors.whileLoop(
            List.of(
                Tensors.scalar(DType.I32, 0),
                zeros(DType.F32, positions, rows.order().axis(TOKEN))),
            now -> now.getFirst().compare(Comparison.LT, rows.count()),
            now -> {
              Tensor start = now.getFirst();
              Tensor picked = rows.slice(rows.order(), start, chunk);
              Tensor logits = inputs.head().bounded(taken(terms, picked));
              Tensor values =
                  TokenLoss.PLAIN
                      .of(logits, rows.slice(rows.targets(), start, chunk))
                      .loss()
                      .negate();
              Tensor weighted = rows.slice(rows.weights(), start, chunk).compare(Comparison.NE, 0);
              Tensor kept = weighted.select(values, Tensors.zerosLike(values));
              return List.of(
                  start.plus(chunk),
                  now.get(1).dynamicUpdate(TOKEN, start, kept.rename(CHUNK, TOKEN)));
            });
    return positions.square(end.get(1).take(TOKEN, rows.inverse()).rename("place", TOKEN));
  }

  private static List<Head.Term> taken(List<Head.Term> terms, Tensor positions) {
    return terms.stream()
        .map(term -> term.withStates(term.states().take(TOKEN, positions)))
        .toList();
  }

  private static Tensor scaled(Tensor gradient, Tensor by) {
    return gradient.times(by.convert(gradient.dtype()).like(gradient));
  }

  /**
   * How often the loop over chunks goes round where every position carries loss; the less do, the
   * less often.
   *
   * @param positions of a batch, or of the part of it that one device has
   * @param vocabulary the number of words
   */
  public static int rounds(int positions, int vocabulary) {
    return Math.ceilDiv(positions, chunkSize(positions, vocabulary));
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
   * @param count how many are supervised, at most, of a part
   */
  private record Rows(Tensor order, Tensor inverse, Tensor targets, Tensor weights, Tensor count) {
    static Rows of(Tensor weights, Tensor targets, int padding) {
      Axis axis = weights.axis(TOKEN);
      Tensor masked = weights.compare(Comparison.EQ, 0).convert(DType.I32);
      Tensor order = Tensors.sort(TOKEN, masked, places(axis, masked)).get(1);
      Tensor inverse = Tensors.sort(TOKEN, order, places(axis, masked)).get(1);
      Tensor place = order.rename(TOKEN, "place");
      return new Rows(
          order.pad(TOKEN, 0, padding),
          inverse.rename(TOKEN, "place"),
          targets.take(TOKEN, place).rename("place", TOKEN).pad(TOKEN, 0, padding),
          weights.take(TOKEN, place).rename("place", TOKEN).pad(TOKEN, 0, padding),
          Positions.largest(masked.negate().plus(1).sum(TOKEN)));
    }

    private static Tensor places(Axis axis, Tensor like) {
      return Tensors.iota(DType.I32, axis).like(like);
    }

    Tensor slice(Tensor of, Tensor start, int chunk) {
      return of.dynamicSlice(TOKEN, start, chunk).rename(TOKEN, CHUNK);
    }
  }

  /**
   * One chunk of positions.
   *
   * @param loss their part of the loss
   * @param byLogits the gradient by their logits, before they are bounded
   * @param terms what their logits come from
   */
  private record Chunk(Tensor loss, Tensor byLogits, List<Head.Term> terms) {
    static Chunk of(Rows rows, List<Head.Term> all, Inputs inputs, Tensor start, int chunk) {
      Head head = inputs.head();
      Tensor picked = rows.slice(rows.order(), start, chunk);
      Tensor targets = rows.slice(rows.targets(), start, chunk);
      Tensor weights = rows.slice(rows.weights(), start, chunk);
      List<Head.Term> terms = taken(all, picked);
      Tensor product = Head.product(terms);
      Optional<Tensor> squashed = head.squashed(product);
      TokenLoss.Result result = inputs.change().of(head.bounded(product, squashed), targets);
      Tensor loss = weights.times(result.loss()).sum(CHUNK);
      Tensor bounded = result.byLogits().times(weights.like(product));
      Tensor byLogits =
          squashed
              .map(small -> bounded.times(small.square().negate().plus(1)))
              .orElse(bounded)
              .convert(terms.getFirst().states().dtype());
      return new Chunk(loss, byLogits, terms);
    }
  }
}
