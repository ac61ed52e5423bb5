package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which examples each optimizer step of each epoch takes, and in which bucket. Immutable; the same
 * for the same examples, ladder and options, on any machine and with any number of threads.
 */
public final class BatchPlan {
  private final Examples examples;
  private final BucketLadder ladder;
  private final PlanOptions options;

  /** Example by rank: falling lengths, file order among equals. */
  private final int[] byLength;

  /** Rows of ranks for each bucket of the ladder; null where steps follow the order of examples. */
  private final @Nullable List<RowTable> rows;

  private final PlanStatistics statistics;

  private BatchPlan(Examples examples, BucketLadder ladder, PlanOptions options) {
    this.examples = examples;
    this.ladder = ladder;
    this.options = options;
    this.byLength = sortByLength(examples);
    if (options.packing() || options.grouped()) {
      IntUnaryOperator lengths = rank -> examples.length(byLength[rank]);
      RowPlanner planner = new RowPlanner(byLength.length, lengths, ladder, options.microBatches());
      this.rows = options.packing() ? planner.packed() : planner.unpacked();
      this.statistics = measure(rows, planner, lengths);
    } else {
      this.rows = null;
      this.statistics = measure(epoch(0));
    }
  }

  /**
   * Plans batches. Packs the whole data set at once, in O(n log length).
   *
   * @throws DataException if there is no example, or one longer than the longest bucket
   */
  public static BatchPlan of(Examples examples, BucketLadder ladder, PlanOptions options) {
    if (examples.size() == 0) {
      throw new DataException("batches: expected at least one example, got none");
    }
    return new BatchPlan(examples, ladder, options);
  }

  /** The examples that are planned. */
  public Examples examples() {
    return examples;
  }

  /** The shapes it was made with. */
  public BucketLadder ladder() {
    return ladder;
  }

  /** The options it was made with. */
  public PlanOptions options() {
    return options;
  }

  /** Optimizer steps of every epoch. */
  public int stepsPerEpoch() {
    return statistics.steps();
  }

  /**
   * The steps of a run, as {@code num_train_epochs} and {@code max_steps} decide them.
   *
   * @param epochs epochs to run, possibly a fraction
   * @param maxSteps if positive, the number of steps, whatever {@code epochs} says
   */
  public int totalSteps(double epochs, int maxSteps) {
    if (maxSteps > 0) {
      return maxSteps;
    }
    return Math.max(1, Math.toIntExact((long) Math.ceil(epochs * stepsPerEpoch())));
  }

  /** What the first epoch executes; the other epochs do as much. */
  public PlanStatistics statistics() {
    return statistics;
  }

  /** The shapes that any epoch can take, shortest rows first: those to compile. */
  public List<Bucket> buckets() {
    if (rows != null) {
      return statistics.buckets().stream().map(PlanStatistics.BucketUse::bucket).toList();
    }
    int last = ladder.indexHolding(examples.length(byLength[0]));
    return options.shuffle()
        ? ladder.buckets().subList(0, last + 1)
        : statistics.buckets().stream().map(PlanStatistics.BucketUse::bucket).toList();
  }

  /**
   * The steps of an epoch, in order.
   *
   * @param epoch from 0
   */
  public List<PlannedStep> epoch(int epoch) {
    Shuffle shuffle = new Shuffle(options.seed(), epoch);
    if (rows == null) {
      int[] order = new int[examples.size()];
      Arrays.setAll(order, i -> i);
      if (options.shuffle()) {
        shuffle.range(order, 0, order.length);
      }
      return EpochSteps.inOrder(examples, order, ladder, options.microBatches());
    }
    int[] example = byLength.clone();
    if (options.shuffle()) {
      for (int from = 0, to; from < example.length; from = to) {
        int length = examples.length(example[from]);
        for (to = from + 1; to < example.length && examples.length(example[to]) == length; ) {
          to++;
        }
        shuffle.range(example, from, to);
      }
    }
    return EpochSteps.ofRows(
        rows, example, ladder, options.microBatches(), options.shuffle() ? shuffle : null);
  }

  /** What any epoch over these rows executes: the order of the steps does not matter. */
  private PlanStatistics measure(
      List<RowTable> tables, RowPlanner planner, IntUnaryOperator lengths) {
    List<PlanStatistics.BucketUse> uses = new ArrayList<>();
    int steps = 0;
    long tokens = 0;
    long positions = 0;
    for (int level = 0; level < tables.size(); level++) {
      RowTable table = tables.get(level);
      if (table.rows() == 0) {
        continue;
      }
      long real = 0;
      for (int row = 0; row < table.rows(); row++) {
        for (int i = 0; i < table.size(row); i++) {
          real += lengths.applyAsInt(table.rank(row, i));
        }
      }
      Bucket bucket = ladder.buckets().get(level);
      int own = Math.ceilDiv(table.rows(), planner.group(level));
      long slots = (long) own * planner.group(level) * bucket.length();
      uses.add(new PlanStatistics.BucketUse(bucket, own, real, slots));
      steps += own;
      tokens += real;
      positions += slots;
    }
    return new PlanStatistics(steps, tokens, positions, List.copyOf(uses));
  }

  private PlanStatistics measure(List<PlannedStep> steps) {
    Map<Integer, PlanStatistics.BucketUse> uses = new TreeMap<>();
    long tokens = 0;
    long positions = 0;
    for (PlannedStep step : steps) {
      long real = 0;
      for (int[] row : step.rows()) {
        for (int index : row) {
          real += examples.length(index);
        }
      }
      long slots = (long) step.rows().length * step.bucket().length();
      uses.merge(
          step.bucket().length(),
          new PlanStatistics.BucketUse(step.bucket(), 1, real, slots),
          (a, b) ->
              new PlanStatistics.BucketUse(
                  a.bucket(),
                  a.steps() + b.steps(),
                  a.tokens() + b.tokens(),
                  a.positions() + b.positions()));
      tokens += real;
      positions += slots;
    }
    return new PlanStatistics(steps.size(), tokens, positions, List.copyOf(uses.values()));
  }

  /** Counting sort: falling lengths, stable. */
  private static int[] sortByLength(Examples examples) {
    int longest = 0;
    for (int i = 0; i < examples.size(); i++) {
      longest = Math.max(longest, examples.length(i));
    }
    int[] start = new int[longest + 2];
    for (int i = 0; i < examples.size(); i++) {
      start[longest - examples.length(i) + 1]++;
    }
    for (int i = 1; i < start.length; i++) {
      start[i] += start[i - 1];
    }
    int[] sorted = new int[examples.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[start[longest - examples.length(i)]++] = i;
    }
    return sorted;
  }
}
