package dev.hlotune.trainer.tasks;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Slice;
import dev.hlotune.trainer.source.SplitPart;

/**
 * Consecutive rows of one split of a task. A split has {@value #MOST} rows, none of which is in the
 * other; where a recipe takes no slice of it, {@value #DEFAULT} are meant, as in nanochat.
 *
 * @param test whether they are of the split {@code test}, not {@code train}
 * @param slice which
 */
public record RowRange(boolean test, Slice slice) {
  /** How many rows a split has. */
  static final int MOST = 10_000_000;

  private static final int DEFAULT = 1000;

  /** Checks that there are such rows. */
  public RowRange {
    if (slice.size() == 0 || slice.to() > MOST) {
      throw new DataException(
          "task: expected at least one row, all below "
              + MOST
              + ", got rows "
              + slice.from()
              + " to "
              + slice.to());
    }
  }

  /**
   * The rows that a part of a split means.
   *
   * @throws DataException if it is of another split, or counts from the end or in percent
   */
  static RowRange of(SplitPart part) {
    boolean test = part.split().equals("test");
    if (!test && !part.split().equals("train")) {
      throw new DataException(
          "task: expected the split \"train\" or \"test\", got \"" + part.split() + '"');
    }
    if (part.isWhole()) {
      return new RowRange(test, new Slice(0, DEFAULT));
    }
    long from = part.from() == null ? 0 : part.from();
    if (part.to() == null || part.unit() != SplitPart.Unit.RECORDS || from < 0) {
      throw unbounded(part);
    }
    long to = part.to();
    if (to <= from) {
      throw unbounded(part);
    }
    return new RowRange(test, new Slice(from, to));
  }

  private static DataException unbounded(SplitPart part) {
    return new DataException(
        "task: expected a split that says how many rows, such as \"train[:300]\" or"
            + " \"test[100:200]\", got \""
            + part
            + '"');
  }

  /** The seed of a row, without that of the recipe. */
  long seed(long row) {
    return test ? MOST + row : row;
  }

  @Override
  public String toString() {
    return (test ? "test[" : "train[") + slice.from() + ":" + slice.to() + "]";
  }
}
