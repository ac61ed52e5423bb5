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
 * @param guarded whether an update whose loss or gradient is no finite number is left out; where
 *     the loss is scaled it always is
 */
public record Training(
    Tuning tuning,
    Optimizer optimizer,
    int microBatches,
    Regularization regularization,
    boolean guarded) {
  /** Checks that there is something to train. */
  public Training {
    if (tuning.trained().isEmpty()) {
      throw new IllegalArgumentException("training: expected weights to train, got none");
    }
  }

  /** An update is taken whatever it is. */
  public Training(
      Tuning tuning, Optimizer optimizer, int microBatches, Regularization regularization) {
    this(tuning, optimizer, microBatches, regularization, false);
  }

  /** Whether gradients would vanish in the type of the computation without a scale. */
  boolean scalesLoss() {
    return tuning.compute() == DType.F16;
  }
}
