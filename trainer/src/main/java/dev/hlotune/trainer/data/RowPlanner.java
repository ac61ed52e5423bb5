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
    RowPacker packer = new RowPacker(ladder.lengths());
    int[] rowOf = new int[lengths.length];
    for (int rank = 0; rank < lengths.length; rank++) {
      rowOf[rank] = packer.place(lengths[rank]);
    }
    List<List<int[]>> rows = sortRows(packer, rowOf, identity(lengths.length));
    for (int level = 0; level < rows.size() - 1; level++) {
      moveUp(rows, level);
    }
    return rows.stream().map(RowTable::of).toList();
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
      rows.add(RowTable.single(kept, to));
      to = kept;
    }
    return rows;
  }

  /** Rows of a step in this bucket. */
  int group(int level) {
    return Math.multiplyExact(ladder.buckets().get(level).rows(), microBatches);
  }

  private List<List<int[]>> emptyLevels() {
    List<List<int[]>> rows = new ArrayList<>();
    for (int level = 0; level < ladder.buckets().size(); level++) {
      rows.add(new ArrayList<>());
    }
    return rows;
  }

  private static int[] identity(int size) {
    int[] identity = new int[size];
    Arrays.setAll(identity, i -> i);
    return identity;
  }

  /** Collects what a packer placed into lists of ranks, by bucket. */
  private List<List<int[]>> sortRows(RowPacker packer, int[] rowOf, int[] ranks) {
    int[] sizes = new int[packer.rows()];
    for (int row : rowOf) {
      sizes[row]++;
    }
    int[][] members = new int[packer.rows()][];
    Arrays.setAll(members, row -> new int[sizes[row]]);
    Arrays.fill(sizes, 0);
    for (int i = 0; i < rowOf.length; i++) {
      members[rowOf[i]][sizes[rowOf[i]]++] = ranks[i];
    }
    List<List<int[]>> rows = emptyLevels();
    for (int row = 0; row < members.length; row++) {
      rows.get(ladder.indexHolding(packer.rowLength(row))).add(members[row]);
    }
    return rows;
  }

  private int used(int[] row) {
    int used = 0;
    for (int rank : row) {
      used += lengths[rank];
    }
    return used;
  }

  /** Dissolves the emptiest rows of a level that make no whole group, into longer rows. */
  private void moveUp(List<List<int[]>> rows, int level) {
    List<int[]> here = rows.get(level);
    int left = here.size() % group(level);
    if (left == 0) {
      return;
    }
    Integer[] order = new Integer[here.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compare(used(here.get(a)), used(here.get(b))));
    boolean[] dissolved = new boolean[here.size()];
    for (int i = 0; i < left; i++) {
      dissolved[order[i]] = true;
    }
    List<int[]> kept = new ArrayList<>();
    List<Integer> loose = new ArrayList<>();
    for (int i = 0; i < here.size(); i++) {
      if (dissolved[i]) {
        Arrays.stream(here.get(i)).forEach(loose::add);
      } else {
        kept.add(here.get(i));
      }
    }
    rows.set(level, kept);
    // A smaller rank is a longer example: ascending ranks are falling lengths.
    int[] ranks = loose.stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] all = ladder.lengths();
    RowPacker packer = new RowPacker(Arrays.copyOfRange(all, level + 1, all.length));
    List<int[]> open = new ArrayList<>();
    for (int above = level + 1; above < all.length; above++) {
      for (int[] row : rows.get(above)) {
        packer.adopt(all[above], all[above] - used(row));
        open.add(row);
      }
      rows.get(above).clear();
    }
    int[] rowOf = new int[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      rowOf[i] = packer.place(lengths[ranks[i]]);
    }
    for (int row = 0; row < packer.rows(); row++) {
      if (row >= open.size()) {
        open.add(new int[0]);
      }
    }
    for (int i = 0; i < ranks.length; i++) {
      int[] row = open.get(rowOf[i]);
      int[] longer = Arrays.copyOf(row, row.length + 1);
      longer[row.length] = ranks[i];
      open.set(rowOf[i], longer);
    }
    for (int row = 0; row < open.size(); row++) {
      rows.get(ladder.indexHolding(packer.rowLength(row))).add(open.get(row));
    }
  }
}
