package dev.hlotune.trainer.data;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The steps of one epoch, each made when it is asked for: all of them would fill the heap. */
final class EpochSteps extends AbstractList<PlannedStep> implements RandomAccess {
  /** Makes a step. */
  private interface Maker {
    PlannedStep make(int number);
  }

  private final int[] order;
  private final Maker maker;

  private EpochSteps(int[] order, Maker maker) {
    this.order = order;
    this.maker = maker;
  }

  /**
   * Steps of planned rows.
   *
   * @param rows of each bucket
   * @param example by rank
   * @param shuffle decides the order of rows and steps; null keeps that of the examples
   */
  static EpochSteps ofRows(
      List<RowTable> rows,
      int[] example,
      BucketLadder ladder,
      int microBatches,
      @Nullable Shuffle shuffle) {
    int levels = rows.size();
    int[][] rowOrder = new int[levels][];
    int[] group = new int[levels];
    int[] firstStep = new int[levels + 1];
    for (int level = 0; level < levels; level++) {
      RowTable table = rows.get(level);
      if (shuffle == null) {
        rowOrder[level] = ordered(table.rows(), row -> table.examples(row, example)[0]);
      } else {
        rowOrder[level] = IntStream.range(0, table.rows()).toArray();
        shuffle.range(rowOrder[level], 0, table.rows());
      }
      group[level] = Math.multiplyExact(ladder.buckets().get(level).rows(), microBatches);
      firstStep[level + 1] = firstStep[level] + Math.ceilDiv(table.rows(), group[level]);
    }
    Maker maker =
        number -> {
          int level = 0;
          while (number >= firstStep[level + 1]) {
            level++;
          }
          int from = (number - firstStep[level]) * group[level];
          int to = Math.min(rowOrder[level].length, from + group[level]);
          int[][] members = new int[group[level]][];
          Arrays.fill(members, new int[0]);
          for (int row = from; row < to; row++) {
            members[row - from] = rows.get(level).examples(rowOrder[level][row], example);
          }
          return new PlannedStep(ladder.buckets().get(level), members);
        };
    int count = firstStep[levels];
    if (shuffle == null) {
      return new EpochSteps(ordered(count, number -> maker.make(number).rows()[0][0]), maker);
    }
    int[] order = IntStream.range(0, count).toArray();
    shuffle.range(order, 0, count);
    return new EpochSteps(order, maker);
  }

  /**
   * Steps of one example a row, in an order; each in the smallest bucket that holds its longest.
   *
   * @param order the examples
   */
  static EpochSteps inOrder(Examples examples, int[] order, BucketLadder ladder, int microBatches) {
    int group = Math.multiplyExact(ladder.longest().rows(), microBatches);
    return new EpochSteps(
        IntStream.range(0, Math.ceilDiv(order.length, group)).toArray(),
        number -> {
          int from = number * group;
          int to = Math.min(order.length, from + group);
          int longest = 0;
          int[][] members = new int[group][];
          Arrays.fill(members, new int[0]);
          for (int i = from; i < to; i++) {
            members[i - from] = new int[] {order[i]};
            longest = Math.max(longest, examples.length(order[i]));
          }
          return new PlannedStep(ladder.holding(longest), members);
        });
  }

  private interface Key {
    int of(int number);
  }

  /** The numbers below a count by a key, without boxing them. */
  private static int[] ordered(int count, Key key) {
    long[] keyed = new long[count];
    for (int i = 0; i < count; i++) {
      keyed[i] = (long) key.of(i) << 32 | i;
    }
    Arrays.sort(keyed);
    return Arrays.stream(keyed).mapToInt(value -> (int) value).toArray();
  }

  @Override
  public PlannedStep get(int index) {
    return maker.make(order[index]);
  }

  @Override
  public int size() {
    return order.length;
  }
}
