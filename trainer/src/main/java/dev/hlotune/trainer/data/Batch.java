package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * The input of one optimizer step (or of one evaluation call): {@code microBatches} stacked
 * micro-batches of one bucket. Every array is the row-major flattening of {@code [microBatches,
 * rows, length]}, in the order that a device transfer takes. Where several processes train
 * together, each has its own rows of every micro-batch only.
 *
 * @param bucket the shape of each whole micro-batch
 * @param microBatches how many are stacked
 * @param rows which rows of each micro-batch are here
 * @param tokens token ids; 0 where there is padding
 * @param targets the next token of the same example; 0 where there is none
 * @param segments which example of its row a position belongs to, from 1; 0 is padding. Positions
 *     attend only within their segment
 * @param positions the position within the example, from 0; 0 where there is padding
 * @param weights the loss weight of each target; 0 at the last token of an example and at padding
 * @param counts what the whole batch holds, the rows of other processes included
 */
@SuppressWarnings("ArrayRecordComponent") // The arrays are what is handed to the device.
public record Batch(
    Bucket bucket,
    int microBatches,
    RowRange rows,
    int[] tokens,
    int[] targets,
    int[] segments,
    int[] positions,
    float[] weights,
    BatchCounts counts) {
  /** Checks that every array has one element per position. The arrays are not copied. */
  public Batch {
    int expected = Math.multiplyExact(microBatches, rows.count() * bucket.length());
    check("tokens", tokens.length, expected);
    check("targets", targets.length, expected);
    check("segments", segments.length, expected);
    check("positions", positions.length, expected);
    check("weights", weights.length, expected);
  }

  /** A batch of which all rows are here. */
  public Batch(
      Bucket bucket,
      int microBatches,
      int[] tokens,
      int[] targets,
      int[] segments,
      int[] positions,
      float[] weights,
      BatchCounts counts) {
    this(
        bucket,
        microBatches,
        RowRange.all(bucket),
        tokens,
        targets,
        segments,
        positions,
        weights,
        counts);
  }

  private static void check(String name, int length, int expected) {
    if (length != expected) {
      throw new DataException(
          "batch: expected " + expected + " elements in \"" + name + "\", got " + length);
    }
  }
}
