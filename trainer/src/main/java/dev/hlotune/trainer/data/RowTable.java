package dev.hlotune.trainer.data;

import java.util.Arrays;

/** The rows of one bucket: which ranks each holds, ascending. There are millions of rows. */
sealed interface RowTable {

  int rows();

  /** How many ranks a row holds. */
  int size(int row);

  /** A row's rank at a place below its size. */
  int rank(int row, int place);

  /** The examples of a row, ascending. */
  default int[] examples(int row, int[] exampleOfRank) {
    int[] examples = new int[size(row)];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = exampleOfRank[rank(row, i)];
    }
    Arrays.sort(examples);
    return examples;
  }

  /**
   * Several ranks to a row, end to end in one array: an array of its own for each row would take
   * several times the memory.
   *
   * @param starts where each row's ranks start, and where the last one's end
   * @param ranks of all rows
   */
  @SuppressWarnings("ArrayRecordComponent") // Taken over, not shared.
  record Several(int[] starts, int[] ranks) implements RowTable {
    @Override
    public int rows() {
      return starts.length - 1;
    }

    @Override
    public int size(int row) {
      return starts[row + 1] - starts[row];
    }

    @Override
    public int rank(int row, int place) {
      return ranks[starts[row] + place];
    }
  }

  /** One rank to a row, from {@code from} to before {@code to}. */
  record Single(int from, int to) implements RowTable {
    @Override
    public int rows() {
      return to - from;
    }

    @Override
    public int size(int row) {
      return 1;
    }

    @Override
    public int rank(int row, int place) {
      return from + row;
    }
  }
}
