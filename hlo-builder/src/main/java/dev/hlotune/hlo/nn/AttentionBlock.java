package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One block of queries and the keys that some of them may see.
 *
 * <p>The backward pass (Dao et al. 2022, appendix B.2) keeps the probabilities and uses that Σ dP·P
 * over the keys is Σ dO·O over a head. Where scores are capped it also keeps tanh(score/c), by
 * whose derivative it multiplies.
 *
 * @param first first key
 * @param start first query
 * @param end one past the last query, and past the last key
 * @param probabilities {@code [batch, kv_head, seq, group, key_seq]}
 * @param squashed scores divided by the cap, after tanh
 * @param dropped by what probabilities are multiplied where some of them are dropped
 * @param output {@code [batch, seq, kv_head, group, head_dim]}, only the block's positions
 */
record AttentionBlock(
    int first,
    int start,
    int end,
    Tensor probabilities,
    Optional<Tensor> squashed,
    Optional<Tensor> dropped,
    Tensor output) {
  private static final double MASKED = -1e30;

  /** Gradients by the block's queries, as they are multiplied, and by its keys and values. */
  record Gradients(Tensor queries, Tensor keys, Tensor values) {}

  /**
   * The forward pass, over queries, keys and values of the whole row.
   *
   * @param window the window of the mask, where there is one
   */
  static AttentionBlock of(
      Attention attention,
      OptionalInt window,
      ParamMap<Tensor> weights,
      Tensor queries,
      Tensor keys,
      Tensor values,
      Tensor segments,
      int first,
      int start,
      int end) {
    Tensor q = queries.slice(Attention.SEQUENCE, start, end - start);
    Tensor k = keys.slice(Attention.KEY, first, end - first);
    Tensor v = values.slice(Attention.KEY, first, end - first);
    Tensor product = q.dot(k, DType.F32, List.of(Attention.HEAD_DIM));
    Optional<Tensor> squashed =
        attention.cap().stream().mapToObj(cap -> product.dividedBy(cap).tanh()).findFirst();
    Tensor scores =
        squashed.map(small -> small.times(attention.cap().orElseThrow())).orElse(product);
    Tensor allowed = allowed(window, segments, first, start, end);
    Tensor masked = allowed.like(scores).select(scores, Tensors.fill(scores.shape(), MASKED));
    Tensor shifted = masked.minus(masked.max(Attention.KEY).like(masked)).exp();
    Tensor p = shifted.dividedBy(shifted.sum(Attention.KEY).like(shifted)).convert(queries.dtype());
    Optional<Tensor> dropped = Dropout.ATTENTION.factors(weights, "block " + start, p);
    Tensor kept = dropped.map(p::times).orElse(p);
    return new AttentionBlock(first, start, end, p, squashed, dropped, kept.dot(v, Attention.KEY));
  }

  private static Tensor allowed(
      OptionalInt window, Tensor segments, int first, int start, int end) {
    boolean views = segments.shape().has(Attention.VIEW);
    Tensor queries = segments.slice(Attention.SEQUENCE, start, end - start);
    Tensor keys =
        segments
            .slice(Attention.SEQUENCE, first, end - first)
            .rename(Attention.SEQUENCE, Attention.KEY)
            .constrain(Role.ACTIVATION);
    Axis query = queries.axis(Attention.SEQUENCE);
    Axis key = keys.axis(Attention.KEY);
    List<Axis> pairs = List.of(queries.axis("batch"), query, key);
    Tensor own = (views ? queries.at(Attention.VIEW, 0) : queries).broadcast(pairs);
    Tensor other = (views ? keys.at(Attention.VIEW, 0) : keys).broadcast(pairs);
    Tensor same = own.compare(Comparison.EQ, other);
    if (views) {
      Tensor shared = queries.at(Attention.VIEW, 1).broadcast(pairs);
      same = same.binary(BinaryKind.OR, shared.compare(Comparison.EQ, other));
    }
    Tensor queryAt = places(query, start).broadcast(pairs);
    Tensor keyAt = places(key, first).broadcast(pairs);
    Tensor seen = same.and(queryAt.compare(Comparison.GE, keyAt));
    if (window.isEmpty()) {
      return seen;
    }
    Tensor distance =
        views
            ? queries
                .at(Attention.VIEW, 2)
                .broadcast(pairs)
                .minus(keys.at(Attention.VIEW, 2).broadcast(pairs))
            : queryAt.minus(keyAt);
    return seen.and(distance.compare(Comparison.LT, window.getAsInt()));
  }

  private static Tensor places(Axis axis, int start) {
    Tensor places = Tensors.iota(DType.I32, axis);
    return start == 0 ? places : places.plus(start);
  }

  /** The backward pass, over queries, keys and values of the whole row. */
  Gradients backward(Tensor queries, Tensor keys, Tensor values, Tensor cotangent) {
    Tensor q = queries.slice(Attention.SEQUENCE, start, end - start);
    Tensor k = keys.slice(Attention.KEY, first, end - first);
    Tensor v = values.slice(Attention.KEY, first, end - first);
    Tensor own = cotangent.slice(Attention.SEQUENCE, start, end - start);
    Tensor p = probabilities;
    Tensor seen = own.dot(v, DType.F32, List.of(Attention.HEAD_DIM));
    Tensor dp = dropped.map(by -> seen.times(by.convert(DType.F32))).orElse(seen);
    Tensor inner = own.convert(DType.F32).times(output.convert(DType.F32)).sum(Attention.HEAD_DIM);
    Tensor dScores = p.convert(DType.F32).times(dp.minus(inner.like(dp)));
    Tensor ds =
        squashed
            .map(small -> dScores.times(small.square().negate().plus(1)))
            .orElse(dScores)
            .convert(p.dtype());
    return new Gradients(
        ds.dot(k, Attention.KEY),
        ds.dot(q, Attention.SEQUENCE, "group"),
        dropped.map(p::times).orElse(p).dot(own, Attention.SEQUENCE, "group"));
  }
}
