package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/** Minus the learning rate, an input of the step, times the direction; the last stage. */
public record ScaleByLearningRate() implements GradientTransformation {
  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor factor = context.learningRate().negate();
    return Result.of(updates.map(update -> update.times(factor.like(update))));
  }
}
