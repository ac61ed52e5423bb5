package dev.hlotune.trainer.data;

/**
 * A batch and its place in the run.
 *
 * @param step the optimizer step, from 1
 * @param epoch the epochs done once this step is, as a fraction: 1.0 after the last step of the
 *     first epoch
 * @param batch the batch
 */
public record LoadedBatch(int step, double epoch, Batch batch) {}
