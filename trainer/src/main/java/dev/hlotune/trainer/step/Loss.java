package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.ParamMap;

/** The loss of a model on one micro-batch, as a sum that is not divided yet. */
final class Loss {
  private Loss() {}

  /**
   * Σ w·loss in f32.
   *
   * @param weights master weights
   * @param compute the type in which the model runs
   * @param differentiable whether a gradient is wanted
   */
  static Tensor weightedSum(
      CausalModel model,
      ParamMap<Tensor> weights,
      BatchInputs batch,
      DType compute,
      boolean differentiable) {
    ParamMap<Tensor> cast = weights.map(weight -> weight.convert(compute));
    return CrossEntropy.weightedSum(
        new CrossEntropy.Inputs(
            model.hidden(cast, batch.modelInputs()),
            model.head(cast),
            batch.targets(),
            batch.weights()),
        differentiable);
  }
}
