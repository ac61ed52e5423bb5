package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.optim.Optimizer;

/**
 * Everything that an optimizer step is made of but the shape of its batch.
 *
 * @param tuning the model and what is trained of it
 * @param optimizer the update rule
 * @param microBatches how many batches of a shape one update sums over
 * @param regularization what is done against fitting too closely
 */
public record Training(
    Tuning tuning, Optimizer optimizer, int microBatches, Regularization regularization) {
  /** Checks that there is something to train. */
  public Training {
    if (tuning.trained().isEmpty()) {
      throw new IllegalArgumentException("training: expected weights to train, got none");
    }
  }

  /** Whether gradients would vanish in the type of the computation without a scale. */
  boolean scalesLoss() {
    return tuning.compute() == DType.F16;
  }
}
