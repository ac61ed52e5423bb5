package dev.hlotune.trainer.data;

import java.util.Arrays;

/**
 * Rows of ranks, end to end in one array: an array of its own for each row would take several times
 * the memory, and there are millions of rows.
 */
final class RowTable {
  private final int[] starts;
  private final int[] ranks;

  /**
   * A table of these arrays, which it takes over.
   *
   * @param starts where each row's ranks start, and where the last one's end
   * @param ranks of all rows, ascending in each
   */
  RowTable(int[] starts, int[] ranks) {
    this.starts = starts;
    this.ranks = ranks;
  }

  /** One rank to a row, from {@code from} to before {@code to}. */
  static RowTable single(int from, int to) {
    int[] starts = new int[to - from + 1];
    int[] ranks = new int[to - from];
    Arrays.setAll(starts, i -> i);
    Arrays.setAll(ranks, i -> from + i);
    return new RowTable(starts, ranks);
  }

  int rows() {
    return starts.length - 1;
  }

  /** The examples of a row, ascending. */
  int[] examples(int row, int[] exampleOfRank) {
    int[] examples = new int[starts[row + 1] - starts[row]];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = exampleOfRank[ranks[starts[row] + i]];
    }
    Arrays.sort(examples);
    return examples;
  }
}
