package dev.hlotune.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of ranks, end to end in one array: an array of its own for each row would take several times
 * the memory, and there are millions of rows.
 */
final class RowTable {
  private final int[] starts;
  private final int[] ranks;

  private RowTable(int[] starts, int[] ranks) {
    this.starts = starts;
    this.ranks = ranks;
  }

  static RowTable of(List<int[]> rows) {
    int[] starts = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      starts[row + 1] = starts[row] + rows.get(row).length;
    }
    int[] ranks = new int[starts[rows.size()]];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, ranks, starts[row], rows.get(row).length);
    }
    return new RowTable(starts, ranks);
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
