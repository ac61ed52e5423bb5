package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distributes examples over rows, by length alone: what comes out names examples by <em>rank</em>,
 * their place in the order of falling length. Which of the examples of equal length takes which
 * rank is left to each epoch, so all epochs have the same rows and the same number of steps.
 *
 * <p>Rows of one bucket are used in whole groups (rows × micro-batches), as a step takes them. What
 * is left over in a bucket moves up into the free places and rows of longer ones, so that only the
 * last group of the longest bucket may have empty rows.
 */
final class RowPlanner {
  private final int[] lengths;
  private final BucketLadder ladder;
  private final int microBatches;

  /**
   * A planner.
   *
   * @param lengths the examples' lengths, falling
   */
  RowPlanner(int[] lengths, BucketLadder ladder, int microBatches) {
    this.lengths = lengths;
    this.ladder = ladder;
    this.microBatches = microBatches;
  }

  /** The rows of each bucket of the ladder, several examples to a row. */
  List<RowTable> packed() {
    PlacedRows rows = place();
    int levels = ladder.buckets().size();
    for (int level = 0; level < levels - 1; level++) {
      moveUp(rows, level);
    }
    return rows.tables(levels);
  }

  /** Every example in the row that it fills best. */
  private PlacedRows place() {
    RowPacker packer = new RowPacker(ladder.lengths());
    PlacedRows rows = new PlacedRows(lengths);
    for (int rank = 0; rank < lengths.length; rank++) {
      int row = packer.place(lengths[rank]);
      if (row == rows.count()) {
        rows.open(ladder.indexHolding(packer.rowLength(row)));
      }
      rows.put(rank, row);
    }
    return rows;
  }

  /** The rows of each bucket of the ladder, one example to a row. */
  List<RowTable> unpacked() {
    List<RowTable> rows = new ArrayList<>();
    // Ranks of one bucket follow each other, those of the longest bucket first.
    int to = lengths.length;
    for (int level = 0; level < ladder.buckets().size(); level++) {
      int from = to;
      while (from > 0 && ladder.indexHolding(lengths[from - 1]) <= level) {
        from--;
      }
      // The longest go up: they waste least there.
      boolean last = level == ladder.buckets().size() - 1;
      int kept = last ? from : from + (to - from) % group(level);
      rows.add(new RowTable.Single(kept, to));
      to = kept;
    }
    return rows;
  }

  /** Rows of a step in this bucket. */
  int group(int level) {
    return Math.multiplyExact(ladder.buckets().get(level).rows(), microBatches);
  }

  /** Dissolves the emptiest rows of a level that make no whole group, into longer rows. */
  private void moveUp(PlacedRows rows, int level) {
    int[] here = rows.of(level);
    int left = here.length % group(level);
    if (left == 0) {
      return;
    }
    // A smaller rank is a longer example: ascending ranks are falling lengths.
    int[] loose = rows.dissolve(rows.emptiest(here, left));
    int[] all = ladder.lengths();
    int[] longer = Arrays.copyOfRange(all, level + 1, all.length);
    RowPacker packer = new RowPacker(longer);
    int[] rowOf = rows.above(level);
    for (int row : rowOf) {
      int length = all[rows.level(row)];
      packer.adopt(length, length - rows.used(row));
    }
    int first = rows.count();
    for (int rank : loose) {
      int row = packer.place(lengths[rank]);
      if (row < rowOf.length) {
        rows.put(rank, rowOf[row]);
      } else {
        int opened = first + row - rowOf.length;
        if (opened == rows.count()) {
          rows.open(ladder.indexHolding(packer.rowLength(row)));
        }
        rows.put(rank, opened);
      }
    }
  }
}
