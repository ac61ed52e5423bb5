package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * How examples become batches.
 *
 * @param packing several examples share a row, kept apart by their segment ids
 * @param shuffle another order each epoch, decided by {@code seed} and the epoch; false keeps the
 *     order of the files (where packing, of the first example of each row)
 * @param groupByLength without packing: draw each batch from examples of one bucket. False draws
 *     freely and takes the smallest bucket that holds the longest of the step. Applies only where
 *     batches are drawn at all: with shuffling and without packing
 * @param seed decides every order
 * @param microBatches micro-batches of one optimizer step, all of one bucket
 */
public record PlanOptions(
    boolean packing, boolean shuffle, boolean groupByLength, long seed, int microBatches) {
  /** Checks the number of micro-batches. */
  public PlanOptions {
    if (microBatches < 1) {
      throw new DataException(
          "gradient_accumulation_steps: expected at least 1, got " + microBatches);
    }
  }

  /**
   * For evaluation, one micro-batch at a time. Sums do not depend on the order, so without packing
   * each batch takes examples of one bucket, whatever training does.
   */
  public static PlanOptions evaluation(boolean packing) {
    return new PlanOptions(packing, !packing, true, 0, 1);
  }

  /** Whether each batch is drawn from the examples of one bucket, and only those. */
  public boolean grouped() {
    return !packing && shuffle && groupByLength;
  }
}
