package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Adafactor's own course of the rate (Shazeer and Stern 2018, algorithm 5): times {@code min(0.01,
 * 1 / √step)}, or with a warm-up {@code min(step / 1,000,000, 1 / √step)}. The learning rate of the
 * run multiplies it.
 *
 * <p>State: the number of steps done as an i32 scalar.
 *
 * @param warmup whether it rises from nothing
 */
public record ScaleByRelativeStep(boolean warmup) implements GradientTransformation {
  private static final String COUNT = "relative_step.count";

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.<Shape>empty().plus(COUNT, Shape.of(DType.I32));
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor count = state.get(COUNT).plus(1);
    Tensor steps = count.convert(DType.F32);
    Tensor highest = warmup ? steps.times(1e-6) : Tensors.scalar(DType.F32, 1e-2);
    Tensor rate = Tensors.minimum(highest, steps.rsqrt());
    return new Result(
        updates.map(update -> update.times(rate.like(update))),
        ParamMap.<Tensor>empty().plus(COUNT, count),
        ParamMap.empty());
  }
}
