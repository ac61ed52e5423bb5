package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Which row each example is in, while rows are planned: 4 bytes for each example. */
final class PlacedRows {
  private final IntUnaryOperator lengths;
  private final int[] rowOf;
  private final RowStore rows;

  /**
   * Places all examples by best fit.
   *
   * @param examples how many there are
   * @param lengths of the examples by rank, falling
   * @param ladder row lengths, ascending
   */
  PlacedRows(int examples, IntUnaryOperator lengths, int[] ladder) {
    this.lengths = lengths;
    this.rowOf = new int[examples];
    RowPacker packer = new RowPacker(ladder);
    this.rows = packer.rows();
    for (int rank = 0; rank < examples; rank++) {
      rowOf[rank] = packer.place(lengths.applyAsInt(rank));
    }
  }

  /**
   * Dissolves the emptiest rows of a level that make no whole group, into longer rows.
   *
   * @param group rows of a step at this level
   */
  void moveUp(int level, int group) {
    int[] here = of(level);
    int left = here.length % group;
    if (left == 0) {
      return;
    }
    int[] loose = dissolve(emptiest(here, left));
    RowPacker packer = new RowPacker(rows, level + 1);
    for (int above = level + 1; above < rows.ladder().length; above++) {
      for (int row = 0; row < rows.count(); row++) {
        if (rows.level(row) == above) {
          packer.adopt(row);
        }
      }
    }
    // A smaller rank is a longer example: ascending ranks are falling lengths.
    for (int rank : loose) {
      rowOf[rank] = packer.place(lengths.applyAsInt(rank));
    }
  }

  /** The rows of a level, ascending. */
  private int[] of(int level) {
    int size = 0;
    for (int row = 0; row < rows.count(); row++) {
      size += rows.level(row) == level ? 1 : 0;
    }
    int[] found = new int[size];
    for (int row = 0, at = 0; at < size; row++) {
      if (rows.level(row) == level) {
        found[at++] = row;
      }
    }
    return found;
  }

  /** So many of the given rows, those with the fewest tokens; earlier ones among equals. */
  private int[] emptiest(int[] candidates, int wanted) {
    int longest = rows.ladder()[rows.ladder().length - 1];
    int[] count = new int[longest + 1];
    for (int row : candidates) {
      count[rows.used(row)]++;
    }
    // All rows with fewer tokens than the limit are taken, and the first with as many.
    int limit = 0;
    int taken = 0;
    while (taken + count[limit] < wanted) {
      taken += count[limit++];
    }
    int[] chosen = new int[wanted];
    int at = 0;
    int atLimit = wanted - taken;
    for (int row : candidates) {
      int used = rows.used(row);
      if (used < limit || (used == limit && atLimit-- > 0)) {
        chosen[at++] = row;
      }
    }
    return chosen;
  }

  /** Gives rows up; their examples, by rank ascending. */
  private int[] dissolve(int[] dissolved) {
    for (int row : dissolved) {
      rows.dissolve(row);
    }
    int[] loose = new int[64];
    int size = 0;
    for (int rank = 0; rank < rowOf.length; rank++) {
      if (rows.isDissolved(rowOf[rank])) {
        if (size == loose.length) {
          loose = Arrays.copyOf(loose, 2 * size);
        }
        loose[size++] = rank;
      }
    }
    return Arrays.copyOf(loose, size);
  }

  /** The rows of each level; nothing more can be done with these rows afterwards. */
  List<RowTable> tables() {
    int levels = rows.ladder().length;
    int[] rowsOf = new int[levels];
    // From here on a row's remaining is the number of its examples, and its next its place.
    for (int row = 0; row < rows.count(); row++) {
      rows.setRemaining(row, 0);
      if (!rows.isDissolved(row)) {
        rows.setNext(row, rowsOf[rows.level(row)]++);
      }
    }
    for (int row : rowOf) {
      rows.setRemaining(row, rows.remaining(row) + 1);
    }
    int[][] starts = new int[levels][];
    Arrays.setAll(starts, each -> new int[rowsOf[each] + 1]);
    for (int row = 0; row < rows.count(); row++) {
      if (!rows.isDissolved(row)) {
        starts[rows.level(row)][rows.next(row) + 1] = rows.remaining(row);
      }
    }
    int[][] ranks = new int[levels][];
    for (int each = 0; each < levels; each++) {
      Arrays.parallelPrefix(starts[each], Integer::sum);
      ranks[each] = new int[starts[each][rowsOf[each]]];
    }
    // From the last to the first, so that the number counts down to the place in the row.
    for (int rank = rowOf.length - 1; rank >= 0; rank--) {
      int row = rowOf[rank];
      int place = rows.remaining(row) - 1;
      rows.setRemaining(row, place);
      int level = rows.level(row);
      ranks[level][starts[level][rows.next(row)] + place] = rank;
    }
    List<RowTable> tables = new ArrayList<>();
    for (int each = 0; each < levels; each++) {
      tables.add(new RowTable.Several(starts[each], ranks[each]));
    }
    return tables;
  }
}
