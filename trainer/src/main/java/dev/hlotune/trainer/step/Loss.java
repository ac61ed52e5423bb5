package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.TokenLoss;

/** The loss of a model on one micro-batch, as a sum that is not divided yet. */
final class Loss {
  private Loss() {}

  /**
   * Σ w·loss in f32.
   *
   * @param weights as they are on the device
   * @param differentiable whether a gradient is wanted
   */
  static Tensor weightedSum(
      Tuning tuning, ParamMap<Tensor> weights, BatchInputs batch, boolean differentiable) {
    return weightedSum(tuning, tuning.cast(weights), batch, TokenLoss.PLAIN, differentiable);
  }

  /** The same as it is trained, with what is done against fitting too closely. */
  static Tensor ofTraining(
      Tuning tuning, ParamMap<Tensor> weights, BatchInputs batch, StepSettings settings) {
    ParamMap<Tensor> seen = tuning.cast(weights).plus(settings.shared());
    return weightedSum(tuning, seen, batch, settings.tokenLoss(), true);
  }

  private static Tensor weightedSum(
      Tuning tuning,
      ParamMap<Tensor> cast,
      BatchInputs batch,
      TokenLoss loss,
      boolean differentiable) {
    return CrossEntropy.weightedSum(
        new CrossEntropy.Inputs(
            tuning.model().hidden(cast, batch.modelInputs(tuning.spread())),
            tuning.head(cast),
            batch.targets(),
            batch.weights(),
            loss,
            tuning.spread()),
        differentiable);
  }
}
