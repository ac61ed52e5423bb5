package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.RandomBits;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes a token by its logits, on the device. What is cut away by top-k and top-p lies below a
 * threshold, which is found bit by bit, so nothing is sorted; equal logits stay together. A token
 * is drawn by the greatest sum of logit and Gumbel noise, which is as likely as its probability.
 *
 * @param change what becomes of the logits
 * @param inputs scalars of the program by name
 */
record Sampler(LogitsChange change, ParamMap<Tensor> inputs) {
  private static final String VOCABULARY = "vocab";
  private static final String SEED_HIGH = "seed_high";
  private static final String SEED_LOW = "seed_low";
  private static final String ROWS = "row_numbers";
  private static final String TEMPERATURE = "temperature";
  private static final String TOP_K = "top_k";
  private static final String TOP_P = "top_p";
  private static final String MIN_P = "min_p";
  private static final String PENALTY = "repetition_penalty";
  private static final double SIGN = 0x1p31;

  /** Parameters of a program for what the changes need, and nothing else. */
  static Sampler of(LogitsChange change, Axis batch) {
    ParamMap<Tensor> inputs = ParamMap.empty();
    if (change.samples()) {
      inputs =
          inputs
              .plus(SEED_HIGH, parameter(SEED_HIGH, DType.U32))
              .plus(SEED_LOW, parameter(SEED_LOW, DType.U32))
              .plus(ROWS, Tensors.parameter(ROWS, Shape.of(DType.U32, batch)))
              .plus(TEMPERATURE, parameter(TEMPERATURE, DType.F32));
    }
    inputs = change.topK() ? inputs.plus(TOP_K, parameter(TOP_K, DType.I32)) : inputs;
    inputs = change.topP() ? inputs.plus(TOP_P, parameter(TOP_P, DType.F32)) : inputs;
    inputs = change.minP() ? inputs.plus(MIN_P, parameter(MIN_P, DType.F32)) : inputs;
    inputs = change.penalty() ? inputs.plus(PENALTY, parameter(PENALTY, DType.F32)) : inputs;
    return new Sampler(change, inputs);
  }

  private static Tensor parameter(String name, DType dtype) {
    return Tensors.parameter(name, Shape.of(dtype));
  }

  /**
   * The next token of every row, i32 {@code [batch]}.
   *
   * @param logits f32 {@code [batch, vocab]}
   * @param seen i32 {@code [batch, vocab]}, not 0 where a token was there before; there where there
   *     is a penalty
   * @param positions i32 {@code [batch]}, the place of the token in its row
   */
  Tensor next(Tensor logits, Optional<Tensor> seen, Tensor positions) {
    Tensor changed = changed(logits, seen);
    return largest(
        change.samples()
            ? changed.plus(noise(changed.shape(), positions.convert(DType.U32)))
            : changed);
  }

  /** Logits after every change; minus infinity where a token cannot be drawn. */
  Tensor changed(Tensor logits, Optional<Tensor> seen) {
    Tensor scores = logits;
    if (change.penalty()) {
      Tensor penalty = inputs.get(PENALTY).like(scores);
      Tensor less =
          scores.compare(Comparison.LT, 0).select(scores.times(penalty), scores.dividedBy(penalty));
      scores = seen.orElseThrow().compare(Comparison.NE, 0).like(scores).select(less, scores);
    }
    if (change.samples()) {
      scores = scores.dividedBy(inputs.get(TEMPERATURE).like(scores));
    }
    if (change.topK()) {
      scores = topK(scores);
    }
    if (change.topP()) {
      scores = topP(scores);
    }
    if (change.minP()) {
      Tensor shares = shares(scores);
      scores = kept(shares.compare(Comparison.GE, inputs.get(MIN_P).like(shares)), scores);
    }
    return scores;
  }

  /** What is at least as great as the k-th. */
  private Tensor topK(Tensor scores) {
    Tensor order = order(scores);
    Tensor threshold =
        greatest(
            order,
            candidate ->
                order
                    .compare(Comparison.GE, candidate.like(order))
                    .convert(DType.I32)
                    .sum(VOCABULARY)
                    .compare(Comparison.GE, inputs.get(TOP_K).like(candidate)));
    return kept(order.compare(Comparison.GE, threshold.like(order)), scores);
  }

  /** All but what adds up, from the least on, to no more than 1 - p; the greatest always. */
  private Tensor topP(Tensor scores) {
    Tensor shares = shares(scores);
    Tensor total = shares.sum(VOCABULARY);
    Tensor most = inputs.get(TOP_P).negate().plus(1).like(total).times(total);
    Tensor order = order(scores);
    Tensor none = Tensors.zerosLike(shares);
    Tensor threshold =
        greatest(
            order,
            candidate ->
                order
                    .compare(Comparison.LT, candidate.like(order))
                    .select(shares, none)
                    .sum(VOCABULARY)
                    .compare(Comparison.LE, most));
    Tensor reached = Tensors.minimum(threshold, order.max(VOCABULARY));
    return kept(order.compare(Comparison.GE, reached.like(order)), scores);
  }

  /** Probabilities as shares of the greatest. */
  private static Tensor shares(Tensor scores) {
    return scores.minus(scores.max(VOCABULARY).like(scores)).exp();
  }

  private static Tensor kept(Tensor keep, Tensor scores) {
    return keep.select(scores, Tensors.fill(scores.shape(), Double.NEGATIVE_INFINITY));
  }

  /** Words in the order of the numbers: what is greater is greater without a sign, too. */
  private static Tensor order(Tensor scores) {
    Tensor bits = scores.bitcast(DType.U32);
    Tensor negative = bits.compare(Comparison.GE, SIGN);
    Tensor flipped = bits.binary(BinaryKind.XOR, Tensors.fill(bits.shape(), 0xFFFFFFFFL));
    return negative.select(flipped, bits.plus(SIGN));
  }

  /** The greatest word for every row that fulfils what all smaller ones do. */
  private static Tensor greatest(Tensor order, Function<Tensor, Tensor> holds) {
    Shape perRow = order.shape().without(List.of(VOCABULARY));
    return Tensors.whileLoop(
            List.of(Tensors.fill(perRow, 0), Tensors.scalar(DType.U32, SIGN)),
            state -> state.get(1).compare(Comparison.NE, 0),
            state -> {
              Tensor found = state.get(0);
              Tensor bit = state.get(1);
              Tensor candidate = found.plus(bit.like(found));
              Tensor half =
                  bit.binary(BinaryKind.SHIFT_RIGHT_LOGICAL, Tensors.scalar(DType.U32, 1));
              return List.of(holds.apply(candidate).select(candidate, found), half);
            })
        .getFirst();
  }

  /** Gumbel noise that depends on the seed, the row's number and the position alone. */
  private Tensor noise(Shape shape, Tensor positions) {
    RandomBits.Key key = new RandomBits.Key(inputs.get(SEED_HIGH), inputs.get(SEED_LOW));
    RandomBits.Block row = RandomBits.threefry(key, inputs.get(ROWS), positions);
    Shape words = shape.withDtype(DType.U32);
    Tensor high = row.first().broadcast(words.axes());
    Tensor low =
        row.second()
            .broadcast(words.axes())
            .plus(Tensors.iota(DType.U32, shape.axis(VOCABULARY)).broadcast(words.axes()));
    Tensor bits =
        RandomBits.threefry(key.fold(1), high, low)
            .first()
            .binary(BinaryKind.SHIFT_RIGHT_LOGICAL, Tensors.fill(words, 8));
    // In the middle of each of 2^24 steps: neither 0 nor 1.
    Tensor uniform = bits.convert(DType.F32).plus(0.5).times(0x1p-24);
    return uniform.log().negate().log().negate();
  }

  /** The id of the largest logit, the first among equals. */
  private static Tensor largest(Tensor logits) {
    Axis vocabulary = logits.axis(VOCABULARY);
    Tensor ids = Tensors.iota(DType.I32, vocabulary).like(logits);
    Tensor none = Tensors.fill(ids.shape(), vocabulary.size() - 1);
    return logits
        .compare(Comparison.EQ, logits.max(VOCABULARY).like(logits))
        .select(ids, none)
        .reduce(ReduceKind.MIN, VOCABULARY);
  }

  /** What was seen, with these tokens besides. */
  static Tensor seenWith(Tensor seen, Tensor tokens) {
    Tensor ids = Tensors.iota(DType.I32, seen.axis(VOCABULARY)).like(seen);
    return ids.compare(Comparison.EQ, tokens.like(ids)).select(Tensors.fill(seen.shape(), 1), seen);
  }
}
