package dev.hlotune.trainer.score;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.data.PlanOptions;
import dev.hlotune.trainer.data.PlannedStep;
import dev.hlotune.trainer.loop.OpenedScoring;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.BatchTransfer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.StepCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Scores records: one {@link Score} for each, in the order of their files. */
public final class Scoring {
  private static final int AHEAD = 2;

  /** Takes scores in order. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the next one. */
    void accept(Score score) throws IOException;
  }

  /**
   * What was done.
   *
   * @param records how many were scored
   * @param tokens in them
   * @param positions that went through the model, padding included
   * @param packed whether several records shared a row
   * @param seconds the model ran
   * @param weightBytes of the weights on the device
   * @param loadSeconds it took to put them there
   */
  public record Summary(
      int records,
      long tokens,
      long positions,
      boolean packed,
      double seconds,
      long weightBytes,
      double loadSeconds) {}

  private final OpenedScoring run;
  private final RunObserver observer;
  private final Sink sink;
  private final LadderReport ladder;
  private long tokens;
  private long positions;
  private int done;

  private Scoring(OpenedScoring run, RunObserver observer, Sink sink) {
    this.run = run;
    this.observer = observer;
    this.sink = sink;
    this.ladder = ladder(run);
  }

  /**
   * Scores all records that a configuration names.
   *
   * @param config as for {@link OpenedScoring#open}
   * @param observer hears how it goes
   * @param sink gets the results
   * @throws IOException if a file cannot be read or written
   * @throws DataException if model or records cannot be used
   */
  public static Summary run(SftConfig config, RunObserver observer, Sink sink) throws IOException {
    try (OpenedScoring run = OpenedScoring.open(config, observer)) {
      return new Scoring(run, observer, sink).run();
    }
  }

  /** Packed rows or not, whichever costs less, compilation included. */
  private static LadderReport ladder(OpenedScoring run) {
    LengthHistogram lengths = LengthHistogram.of(run.records());
    BucketCost cost = BucketCost.forWidth(run.width());
    int longest = Math.max(2, run.maxLength());
    LadderReport packed =
        LadderReport.packed(lengths, run.batchSize(), longest, run.maxBuckets(), cost);
    LadderReport unpacked =
        LadderReport.unpacked(lengths, run.batchSize(), longest, run.maxBuckets(), 1, cost);
    return packed.choice().cost() < unpacked.choice().cost() ? packed : unpacked;
  }

  private BatchPlan plan(Windows.Window window) {
    return BatchPlan.of(window, ladder.ladder(), PlanOptions.evaluation(ladder.packed()));
  }

  private Summary run() throws IOException {
    List<Windows.Window> windows = Windows.of(run.records());
    Set<Bucket> buckets = new LinkedHashSet<>();
    windows.forEach(
        window -> plan(window).statistics().buckets().forEach(use -> buckets.add(use.bucket())));
    try (StepCache programs =
        run.compile(List.copyOf(buckets), bucket -> LogProbsProgram.of(run.tuning(), bucket))) {
      observer.on(new RunEvent.Progressed("loading the model", 0, 0));
      long start = System.nanoTime();
      List<ShardedBuffer> weights = run.weights();
      try {
        long loaded = System.nanoTime();
        for (Windows.Window window : windows) {
          score(window, programs, weights);
        }
        return new Summary(
            done,
            tokens,
            positions,
            ladder.packed(),
            (System.nanoTime() - loaded) / 1e9,
            weights.stream().mapToLong(weight -> weight.byteSize()).sum(),
            (loaded - start) / 1e9);
      } finally {
        weights.forEach(ShardedBuffer::close);
      }
    }
  }

  private void score(Windows.Window window, StepCache programs, List<ShardedBuffer> weights)
      throws IOException {
    float[][] results = new float[window.size()][];
    BatchPlan plan = plan(window);
    List<PlannedStep> steps = plan.epoch(0);
    int number = 0;
    try (Loader loader = Loader.epoch(plan, AHEAD)) {
      while (loader.hasNext()) {
        PlannedStep step = steps.get(number++);
        LoadedBatch loaded = loader.next();
        DeviceProgram program = programs.get(step.bucket());
        List<ShardedBuffer> inputs = new ArrayList<>(weights);
        List<ShardedBuffer> batch = BatchTransfer.toDevices(program, loaded.batch());
        inputs.addAll(batch);
        List<ShardedBuffer> outputs = program.run(inputs);
        batch.forEach(ShardedBuffer::close);
        try (ShardedBuffer values = outputs.getFirst()) {
          take(values.readFloats(), step, window, results);
        }
        positions += step.bucket().tokens();
        observer.on(
            new RunEvent.Progressed(
                "scoring",
                done + (long) window.size() * number / steps.size(),
                run.records().size()));
      }
    }
    for (int i = 0; i < results.length; i++) {
      give(window.from() + i, results[i]);
    }
  }

  /** What the model says at a position is of the token after it. */
  private static void take(
      float[] values, PlannedStep step, Windows.Window window, float[][] results) {
    for (int row = 0; row < step.rows().length; row++) {
      int at = row * step.bucket().length();
      for (int index : step.rows()[row]) {
        int length = window.length(index);
        float[] result = new float[length];
        System.arraycopy(values, at, result, 1, length - 1);
        results[index] = result;
        at += length;
      }
    }
  }

  private void give(int record, float[] logprobs) throws IOException {
    for (float value : logprobs) {
      if (!Float.isFinite(value)) {
        throw new DataException(
            run.records().origin(record),
            null,
            "log-probability: expected a number, got %s; look at the model's weights, or compute in float32"
                .formatted(value));
      }
    }
    Example example = run.records().get(record);
    sink.accept(new Score(example.ids(), logprobs, example.weights()));
    tokens += example.length();
    done++;
  }
}
