package dev.hlotune.trainer.data;

import dev.hlotune.trainer.data.LadderReport.Choice;
import dev.hlotune.trainer.data.LadderReport.RowUse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the best shapes for one example a row, by dynamic programming. */
final class UnpackedLadders {
  /** Lengths are multiples of this, which every backend's tiles like. */
  private static final int MULTIPLE = 8;

  /** The dynamic program takes time in the square of this. */
  private static final int LARGEST_TABLE = 1_024;

  private final int batchSize;
  private final int maxLength;
  private final BucketCost cost;

  /** Lengths are multiples of this, but for the longest allowed. */
  private final int multiple;

  /** How many rows need at most so many multiples. */
  private final double[] upTo;

  private UnpackedLadders(
      LengthHistogram lengths, int batchSize, int maxLength, int together, BucketCost cost) {
    this.batchSize = batchSize;
    this.maxLength = maxLength;
    this.cost = cost;
    int top = Math.max(2, lengths.longest());
    int multiple = MULTIPLE;
    while (top / multiple > LARGEST_TABLE) {
      multiple *= 2;
    }
    this.multiple = multiple;
    this.upTo = new double[(top + multiple - 1) / multiple + 1];
    for (int step = 1; step < upTo.length; step++) {
      upTo[step] = lengths.rowsUpTo(step * multiple, together);
    }
  }

  /** The best shapes, for one shape, two shapes and so on. */
  static List<Choice> search(
      LengthHistogram lengths,
      int batchSize,
      int maxLength,
      int maxBuckets,
      int together,
      BucketCost cost) {
    UnpackedLadders ladders = new UnpackedLadders(lengths, batchSize, maxLength, together, cost);
    List<Choice> choices = new ArrayList<>();
    for (int[] shapes : ladders.best(maxBuckets)) {
      choices.add(Choice.of(cost, (double) lengths.tokens(), ladders.use(shapes)));
    }
    return choices;
  }

  private int length(int step) {
    return Math.min(step * multiple, maxLength);
  }

  /** The lengths, in multiples, of the best k shapes for every k that there can be. */
  private List<int[]> best(int maxBuckets) {
    int steps = upTo.length - 1;
    int most = Math.min(maxBuckets, steps);
    // least[k][s]: the least cost of all rows of at most s multiples, with k shapes, longest s.
    double[][] least = new double[most + 1][steps + 1];
    int[][] from = new int[most + 1][steps + 1];
    for (double[] row : least) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    least[0][0] = 0;
    for (int k = 1; k <= most; k++) {
      for (int step = k; step <= steps; step++) {
        double row = cost.row(length(step));
        for (int below = k - 1; below < step; below++) {
          double sum = least[k - 1][below] + (upTo[step] - upTo[below]) * row;
          if (sum < least[k][step]) {
            least[k][step] = sum;
            from[k][step] = below;
          }
        }
      }
    }
    List<int[]> best = new ArrayList<>();
    for (int k = 1; k <= most; k++) {
      int[] shapes = new int[k];
      for (int i = k, step = steps; i > 0; step = from[i--][step]) {
        shapes[i - 1] = step;
      }
      best.add(shapes);
    }
    return best;
  }

  private List<RowUse> use(int[] shapes) {
    List<RowUse> use = new ArrayList<>();
    double below = 0;
    for (int step : shapes) {
      use.add(new RowUse(new Bucket(batchSize, length(step)), upTo[step] - below));
      below = upTo[step];
    }
    return use;
  }
}
