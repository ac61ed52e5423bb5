package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * Some consecutive rows of a micro-batch.
 *
 * @param from the first, from 0
 * @param to the one after the last
 */
public record RowRange(int from, int to) {
  /** Checks that there is at least one row. */
  public RowRange {
    if (from < 0 || to <= from) {
      throw new DataException("rows: expected at least one, got " + from + " to " + to);
    }
  }

  /** All rows. */
  public static RowRange all(Bucket bucket) {
    return new RowRange(0, bucket.rows());
  }

  /** How many rows. */
  public int count() {
    return to - from;
  }

  /** Whether a row is one of them. */
  public boolean contains(int row) {
    return row >= from && row < to;
  }
}
