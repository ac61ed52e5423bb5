package dev.hlotune.trainer.data;

import dev.hlotune.trainer.data.LadderReport.Choice;
import dev.hlotune.trainer.data.LadderReport.RowUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Searches the shapes of packed rows. Which of them an example goes to depends on all others, so
 * every ladder that is considered is tried: a sample of the lengths is packed into its rows.
 */
final class PackedLadders {
  /** Lengths are multiples of this, which every backend's tiles like. */
  private static final int MULTIPLE = 8;

  /** No row is shorter: more shapes than this tells apart would gain nothing. */
  private static final int SHORTEST = 32;

  /** Lengths that a trial packing looks at. */
  private static final int SAMPLE = 8_192;

  /** Above this padding, shapes with almost equal tokens are tried as well. */
  private static final double TOLERATED_PADDING = 0.02;

  /** The tokens of such a shape, as a part of those of the longest. */
  private static final double ALMOST = 0.98;

  /** How many shapes are tried beyond the cheapest ladder. */
  private static final int PATIENCE = 3;

  private final int[] sample;
  private final double scale;
  private final long sampleTokens;
  private final BucketCost cost;

  PackedLadders(LengthHistogram lengths, BucketCost cost) {
    this.sample = lengths.sample(SAMPLE);
    long sum = 0;
    for (int length : sample) {
      sum += length;
    }
    this.sampleTokens = sum;
    this.scale = (double) lengths.tokens() / sum;
    this.cost = cost;
  }

  /** The best shapes found, for one shape, two shapes and so on. */
  static List<Choice> search(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    PackedLadders ladders = new PackedLadders(lengths, cost);
    List<Choice> best =
        ladders.greedy(candidates(batchSize, maxLength, 1.0), lengths.longest(), maxBuckets);
    Choice cheapest = cheapest(best);
    if (cheapest.paddingFraction() > TOLERATED_PADDING) {
      List<Choice> other =
          ladders.greedy(candidates(batchSize, maxLength, ALMOST), lengths.longest(), maxBuckets);
      if (cheapest(other).cost() < cheapest.cost()) {
        best = other;
      }
    }
    return best;
  }

  /**
   * All shapes with (almost) as many tokens as the longest one, longest first: of each number of
   * rows the longest, of each length the one with most rows.
   */
  static List<Bucket> candidates(int batchSize, int maxLength, double equality) {
    int tokens = Math.multiplyExact(batchSize, maxLength);
    List<Bucket> candidates = new ArrayList<>();
    candidates.add(new Bucket(batchSize, maxLength));
    for (int rows = batchSize + 1; rows <= tokens / SHORTEST; rows++) {
      int length = tokens / rows / MULTIPLE * MULTIPLE;
      boolean fits = length >= SHORTEST && length < maxLength && tokens / length == rows;
      if (fits && (long) rows * length >= equality * tokens) {
        candidates.add(new Bucket(rows, length));
      }
    }
    return candidates;
  }

  private static Choice cheapest(List<Choice> choices) {
    return choices.stream().min(Comparator.comparingDouble(Choice::cost)).orElseThrow();
  }

  /**
   * Starts from the best single shape and adds the shorter ones that save most, as long as there
   * are others and not too many in a row were not worth their compilation.
   *
   * @param longest the example that one shape has to hold: the shortest that does so wastes least
   *     on attention, a longer one less on padding
   */
  List<Choice> greedy(List<Bucket> candidates, int longest, int maxBuckets) {
    List<Choice> choices = new ArrayList<>();
    choices.add(
        cheapest(
            candidates.stream()
                .filter(
                    bucket -> bucket.length() >= longest || bucket.equals(candidates.getFirst()))
                .map(bucket -> trial(List.of(bucket)))
                .toList()));
    int start = choices.getFirst().ladder().longest().length();
    List<Bucket> left = new ArrayList<>(candidates);
    left.removeIf(bucket -> bucket.length() >= start);
    int cheapest = 0;
    while (choices.size() < maxBuckets
        && choices.size() - cheapest <= PATIENCE
        && !left.isEmpty()) {
      List<Bucket> last = choices.getLast().ladder().buckets();
      Choice best =
          cheapest(
              left.stream()
                  .map(bucket -> {
                    List<Bucket> more = new ArrayList<>(last);
                    more.add(bucket);
                    return trial(more);
                  })
                  .toList());
      cheapest = best.cost() < choices.get(cheapest).cost() ? choices.size() : cheapest;
      choices.add(best);
      left.removeAll(best.ladder().buckets());
    }
    return choices;
  }

  /** Packs the sample into rows of these shapes. */
  Choice trial(List<Bucket> buckets) {
    BucketLadder ladder = new BucketLadder(buckets);
    RowPacker packer = new RowPacker(ladder.lengths());
    for (int i = sample.length - 1; i >= 0; i--) {
      packer.place(sample[i]);
    }
    double[] rows = new double[buckets.size()];
    for (int row = 0; row < packer.rows().count(); row++) {
      rows[packer.rows().level(row)] += scale;
    }
    List<RowUse> use = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      use.add(new RowUse(ladder.buckets().get(i), rows[i]));
    }
    return Choice.of(cost, scale * sampleTokens, use);
  }
}
