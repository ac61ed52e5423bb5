package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Chooses the shapes of a {@link BucketLadder}. */
final class LadderSearch {
  /** Lengths are multiples of this, which every backend's tiles like. */
  private static final int MULTIPLE = 8;

  /** No row is shorter: more shapes than this tells apart would gain nothing. */
  private static final int SHORTEST = 32;

  /** Lengths that a trial packing looks at. */
  private static final int SAMPLE = 8_192;

  /** Above this padding, shapes with almost equal tokens are tried as well. */
  private static final double TOLERATED_PADDING = 0.02;

  /** The dynamic program takes time in the square of this. */
  private static final int LARGEST_TABLE = 1_024;

  private LadderSearch() {}

  static List<Bucket> packed(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    int[] sample = lengths.sample(SAMPLE);
    double scale = sample.length == 0 ? 1 : (double) lengths.examples() / sample.length;
    List<Bucket> exact = candidates(batchSize, maxLength, lengths.longest(), 1.0);
    Choice best = greedy(exact, sample, scale, maxBuckets, cost);
    if (best.padding > TOLERATED_PADDING) {
      List<Bucket> close = candidates(batchSize, maxLength, lengths.longest(), 0.98);
      Choice other = greedy(close, sample, scale, maxBuckets, cost);
      if (other.cost < best.cost) {
        best = other;
      }
    }
    return best.buckets;
  }

  /** All shapes with (almost) as many tokens as the longest one, longest first. */
  private static List<Bucket> candidates(
      int batchSize, int maxLength, int longest, double equality) {
    int tokens = Math.multiplyExact(batchSize, maxLength);
    List<Bucket> candidates = new ArrayList<>();
    candidates.add(new Bucket(batchSize, maxLength));
    for (int rows = batchSize + 1; rows <= tokens / SHORTEST; rows++) {
      int length = tokens / rows / MULTIPLE * MULTIPLE;
      boolean shorter = length < candidates.getLast().length();
      if (shorter && length >= SHORTEST && (long) rows * length >= equality * tokens) {
        candidates.add(new Bucket(rows, length));
      }
    }
    // What is longer than needed to hold the longest example serves nobody.
    while (candidates.size() > 1 && candidates.get(1).length() >= longest) {
      candidates.removeFirst();
    }
    return candidates;
  }

  private record Choice(List<Bucket> buckets, double cost, double padding) {}

  /** Starts from the longest shape and adds the one that saves most, as long as one does. */
  private static Choice greedy(
      List<Bucket> candidates, int[] sample, double scale, int maxBuckets, BucketCost cost) {
    List<Bucket> left = new ArrayList<>(candidates);
    Choice best = trial(List.of(left.removeFirst()), sample, scale, cost);
    while (best.buckets.size() < maxBuckets) {
      Choice improved = best;
      for (Bucket bucket : left) {
        List<Bucket> buckets = new ArrayList<>(best.buckets);
        buckets.add(bucket);
        Choice trial = trial(buckets, sample, scale, cost);
        if (trial.cost < improved.cost) {
          improved = trial;
        }
      }
      if (improved.buckets.size() == best.buckets.size()) {
        break;
      }
      best = improved;
      left.removeAll(best.buckets);
    }
    return best;
  }

  /** Packs the sample into rows of these shapes. */
  private static Choice trial(List<Bucket> buckets, int[] sample, double scale, BucketCost cost) {
    int[] ladder = buckets.stream().mapToInt(Bucket::length).sorted().toArray();
    RowPacker packer = new RowPacker(ladder);
    long tokens = 0;
    for (int i = sample.length - 1; i >= 0; i--) {
      packer.place(sample[i]);
      tokens += sample[i];
    }
    double sum = 0;
    long slots = 0;
    for (int row = 0; row < packer.rows(); row++) {
      sum += cost.row(packer.rowLength(row));
      slots += packer.rowLength(row);
    }
    double padding = slots == 0 ? 0 : 1 - (double) tokens / slots;
    return new Choice(buckets, sum * scale + cost.compile() * buckets.size(), padding);
  }

  static List<Bucket> unpacked(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    int top = Math.max(2, lengths.longest());
    int multiple = MULTIPLE;
    while (top / multiple > LARGEST_TABLE) {
      multiple *= 2;
    }
    int steps = (top + multiple - 1) / multiple;
    long[] upTo = new long[steps + 1];
    for (int step = 1; step <= steps; step++) {
      upTo[step] = upTo[step - 1];
      for (int length = (step - 1) * multiple + 1; length <= step * multiple; length++) {
        upTo[step] += lengths.count(length);
      }
    }
    // least[k][s]: the least cost of all examples of at most s steps, with k shapes, longest s.
    double[][] least = new double[maxBuckets + 1][steps + 1];
    int[][] from = new int[maxBuckets + 1][steps + 1];
    for (double[] row : least) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    least[0][0] = 0;
    for (int k = 1; k <= maxBuckets; k++) {
      for (int step = 1; step <= steps; step++) {
        double row = cost.row(Math.min(step * multiple, maxLength));
        for (int below = 0; below < step; below++) {
          double sum = least[k - 1][below] + (upTo[step] - upTo[below]) * row + cost.compile();
          if (sum < least[k][step]) {
            least[k][step] = sum;
            from[k][step] = below;
          }
        }
      }
    }
    int shapes = 1;
    for (int k = 2; k <= maxBuckets; k++) {
      shapes = least[k][steps] < least[shapes][steps] ? k : shapes;
    }
    List<Bucket> buckets = new ArrayList<>();
    for (int step = steps; shapes > 0; step = from[shapes--][step]) {
      buckets.add(new Bucket(batchSize, Math.min(step * multiple, maxLength)));
    }
    return buckets;
  }
}
