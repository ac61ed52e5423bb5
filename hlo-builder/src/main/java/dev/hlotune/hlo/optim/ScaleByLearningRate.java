package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Minus the learning rate, an input of the step, times the direction; the last stage.
 *
 * @param factor of the rate for each weight: its group's rate as a part of the run's
 */
public record ScaleByLearningRate(PerWeight factor) implements GradientTransformation {
  /** The run's rate for all weights. */
  public ScaleByLearningRate() {
    this(PerWeight.all(1));
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor rate = context.learningRate().negate();
    return Result.of(
        updates.map((name, update) -> factor.times(name, update.times(rate.like(update)))));
  }
}
