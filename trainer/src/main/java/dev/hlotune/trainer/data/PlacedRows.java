package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which row each example is in, while rows are planned: 4 bytes for each example and 8 for each row,
 * for there are millions of both. Rows are numbered as they are opened.
 */
final class PlacedRows {
  private static final int DISSOLVED = -1;

  private final int[] lengths;
  private final int[] rowOf;
  private int[] level = new int[64];
  private int[] used = new int[64];
  private int rows;

  /**
   * No rows yet.
   *
   * @param lengths of the examples, by rank
   */
  PlacedRows(int[] lengths) {
    this.lengths = lengths;
    this.rowOf = new int[lengths.length];
  }

  /** Opens a row of the bucket at this place of the ladder; its number is the count before. */
  void open(int rowLevel) {
    if (rows == level.length) {
      level = Arrays.copyOf(level, rows + rows / 2);
      used = Arrays.copyOf(used, rows + rows / 2);
    }
    level[rows++] = rowLevel;
  }

  /** Puts an example that is in no row into one. */
  void put(int rank, int row) {
    rowOf[rank] = row;
    used[row] += lengths[rank];
  }

  /** Rows opened so far. */
  int count() {
    return rows;
  }

  int level(int row) {
    return level[row];
  }

  /** Tokens in a row. */
  int used(int row) {
    return used[row];
  }

  /** The rows of a level, ascending. */
  int[] of(int wanted) {
    int size = 0;
    for (int row = 0; row < rows; row++) {
      size += level[row] == wanted ? 1 : 0;
    }
    int[] found = new int[size];
    for (int row = 0, at = 0; at < size; row++) {
      if (level[row] == wanted) {
        found[at++] = row;
      }
    }
    return found;
  }

  /** The rows of all levels above one, level by level, ascending in each. */
  int[] above(int lower) {
    int top = lower;
    for (int row = 0; row < rows; row++) {
      top = Math.max(top, level[row]);
    }
    int[][] found = new int[top - lower][];
    int size = 0;
    for (int i = 0; i < found.length; i++) {
      found[i] = of(lower + 1 + i);
      size += found[i].length;
    }
    int[] all = new int[size];
    int at = 0;
    for (int[] some : found) {
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
    }
    return all;
  }

  /** So many of the given rows, those with the fewest tokens; earlier ones among equals. */
  int[] emptiest(int[] candidates, int wanted) {
    long[] keyed = new long[candidates.length];
    for (int i = 0; i < keyed.length; i++) {
      keyed[i] = (long) used[candidates[i]] << Integer.SIZE | candidates[i];
    }
    Arrays.sort(keyed);
    int[] chosen = new int[wanted];
    Arrays.setAll(chosen, i -> (int) keyed[i]);
    return chosen;
  }

  /** Gives rows up; their examples, by rank ascending. */
  int[] dissolve(int[] dissolved) {
    for (int row : dissolved) {
      level[row] = DISSOLVED;
      used[row] = 0;
    }
    int[] loose = new int[64];
    int size = 0;
    for (int rank = 0; rank < rowOf.length; rank++) {
      if (level[rowOf[rank]] == DISSOLVED) {
        if (size == loose.length) {
          loose = Arrays.copyOf(loose, 2 * size);
        }
        loose[size++] = rank;
      }
    }
    return Arrays.copyOf(loose, size);
  }

  /** The rows of each of so many levels. */
  List<RowTable> tables(int levels) {
    int[] place = new int[rows];
    int[] rowsOf = new int[levels];
    int[] sizes = new int[rows];
    for (int row = 0; row < rows; row++) {
      place[row] = level[row] == DISSOLVED ? DISSOLVED : rowsOf[level[row]]++;
    }
    for (int row : rowOf) {
      sizes[row]++;
    }
    int[][] starts = new int[levels][];
    Arrays.setAll(starts, each -> new int[rowsOf[each] + 1]);
    for (int row = 0; row < rows; row++) {
      if (level[row] != DISSOLVED) {
        starts[level[row]][place[row] + 1] = sizes[row];
      }
    }
    int[][] ranks = new int[levels][];
    for (int each = 0; each < levels; each++) {
      Arrays.parallelPrefix(starts[each], Integer::sum);
      ranks[each] = new int[starts[each][rowsOf[each]]];
    }
    // From the last to the first, so that sizes count down to the place in the row.
    for (int rank = rowOf.length - 1; rank >= 0; rank--) {
      int row = rowOf[rank];
      int[] start = starts[level[row]];
      ranks[level[row]][start[place[row]] + --sizes[row]] = rank;
    }
    List<RowTable> tables = new ArrayList<>();
    for (int each = 0; each < levels; each++) {
      tables.add(new RowTable.Several(starts[each], ranks[each]));
    }
    return tables;
  }
}
