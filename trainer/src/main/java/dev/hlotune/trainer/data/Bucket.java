package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * The shape of one micro-batch. Only shapes of the run's {@link BucketLadder} are ever executed.
 *
 * @param rows rows of the batch
 * @param length tokens of a row
 */
public record Bucket(int rows, int length) {
  /** Checks that both are positive and that the product fits an int. */
  public Bucket {
    if (rows < 1 || length < 1 || (long) rows * length > Integer.MAX_VALUE) {
      throw new DataException(
          "bucket: expected at least one row and one token, at most 2^31-1 in all, got "
              + rows
              + "x"
              + length);
    }
  }

  /** Token positions of one micro-batch, padding included. */
  public int tokens() {
    return rows * length;
  }

  @Override
  public String toString() {
    return rows + "x" + length;
  }
}
