package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

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
  private final int examples;
  private final IntUnaryOperator lengths;
  private final BucketLadder ladder;
  private final int microBatches;

  /**
   * A planner.
   *
   * @param examples how many there are
   * @param lengths of the examples by rank, falling
   */
  RowPlanner(int examples, IntUnaryOperator lengths, BucketLadder ladder, int microBatches) {
    this.examples = examples;
    this.lengths = lengths;
    this.ladder = ladder;
    this.microBatches = microBatches;
  }

  /** The rows of each bucket of the ladder, several examples to a row. */
  List<RowTable> packed() {
    PlacedRows rows = new PlacedRows(examples, lengths, ladder.lengths());
    for (int level = 0; level < ladder.buckets().size() - 1; level++) {
      rows.moveUp(level, group(level));
    }
    return rows.tables();
  }

  /** The rows of each bucket of the ladder, one example to a row. */
  List<RowTable> unpacked() {
    List<RowTable> rows = new ArrayList<>();
    // Ranks of one bucket follow each other, those of the longest bucket first.
    int to = examples;
    for (int level = 0; level < ladder.buckets().size(); level++) {
      int from = to;
      while (from > 0 && ladder.indexHolding(lengths.applyAsInt(from - 1)) <= level) {
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
}
