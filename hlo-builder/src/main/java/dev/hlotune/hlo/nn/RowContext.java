package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;

/**
 * Whole rows, and nothing before them: training and evaluation.
 *
 * @param segments i32 {@code [batch, seq]}: equal numbers may see one another
 * @param spread into how many parts devices cut the rows
 */
public record RowContext(Tensor segments, Spread spread) implements Context {
  /** On one device. */
  public RowContext(Tensor segments) {
    this(segments, Spread.NONE);
  }

  @Override
  public Tensor attend(
      Attention attention, ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v) {
    return attention.apply(weights, q, k, v, segments, spread);
  }

  @Override
  public Tensor lengths(Tensor positions) {
    Tensor others = segments.rename("seq", "other");
    List<Axis> pairs = List.of(segments.axis("batch"), segments.axis("seq"), others.axis("other"));
    Tensor same = segments.broadcast(pairs).compare(Comparison.EQ, others.broadcast(pairs));
    Tensor counts = positions.plus(1).rename("seq", "other").broadcast(pairs);
    return same.select(counts, Tensors.zerosLike(counts)).max("other");
  }

  @Override
  public int longest(Tensor positions) {
    return spread.anySize() ? Integer.MAX_VALUE : positions.axis("seq").size();
  }

  @Override
  public boolean ofLayers() {
    return false;
  }
}
