package dev.hlotune.trainer.source;

/**
 * Consecutive records of a data set.
 *
 * @param from the first, from 0
 * @param to behind the last
 */
public record Slice(long from, long to) {
  /** Checks the bounds. */
  public Slice {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "slice: expected 0 <= from <= to, got " + from + " and " + to);
    }
  }

  /** How many records. */
  public long size() {
    return to - from;
  }
}
