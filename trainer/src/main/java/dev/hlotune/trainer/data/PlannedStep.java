package dev.hlotune.trainer.data;

/**
 * Which examples one optimizer step takes, before any token is read.
 *
 * @param bucket the shape of each micro-batch
 * @param rows the examples of each row in order, {@code microBatches × bucket.rows()} of them; a
 *     row may be empty at the end of an epoch
 */
@SuppressWarnings("ArrayRecordComponent") // One per step of an epoch: indices stay primitive.
public record PlannedStep(Bucket bucket, int[][] rows) {}
