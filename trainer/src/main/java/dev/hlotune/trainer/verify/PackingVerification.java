package dev.hlotune.trainer.verify;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchAssembler;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.BucketLadder;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlannedStep;
import dev.hlotune.trainer.loop.OpenedRun;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.step.GradientProgram;
import dev.hlotune.trainer.step.StepCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Compares loss and gradient of examples in packed rows with those of the examples alone. */
public final class PackingVerification {

  /** Lays the examples of a step out in rows: the seam at which a test puts a wrong layout. */
  @FunctionalInterface
  interface Assembler {
    Batch assemble(Examples examples, PlannedStep step);
  }

  private final OpenedRun run;
  private final Assembler assembler;
  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final Examples examples;

  private PackingVerification(
      OpenedRun run, Assembler assembler, RunObserver observer, AtomicBoolean stop) {
    this.run = run;
    this.assembler = assembler;
    this.observer = observer;
    this.stop = stop;
    this.examples = run.plan().examples();
  }

  /**
   * Compares some examples of a recipe's training data, packed as the recipe's batches are, whether
   * or not it sets {@code packing}.
   *
   * @param wanted how many examples to look at, at least 1; a few more where the run has more
   *     buckets
   * @param observer hears how it goes
   * @param stop set by another thread to give up
   * @throws IOException if a file cannot be read or written
   * @throws CancellationException if asked to stop meanwhile
   */
  public static PackingReport run(
      SftConfig config, int wanted, RunObserver observer, AtomicBoolean stop) throws IOException {
    return run(config, wanted, BatchAssembler::assemble, observer, stop);
  }

  static PackingReport run(
      SftConfig config, int wanted, Assembler assembler, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    try (OpenedRun run =
        OpenedRun.open(config.with(config.batch().packing(true)), observer, stop)) {
      PackedSample sample = PackedSample.of(run.plan(), wanted, config.machine().seed());
      return new PackingVerification(run, assembler, observer, stop).compare(sample);
    }
  }

  private PackingReport compare(PackedSample sample) throws IOException {
    List<PlannedStep> whole = onePerBucket(sample.batches());
    BucketLadder alone = alone(sample, whole);
    Set<Bucket> buckets = new LinkedHashSet<>(alone.buckets());
    sample.batches().forEach(batch -> buckets.add(batch.bucket()));
    var parameters = run.tuning().trainedShapes();
    boolean onHost = run.client().platformName().equals("cpu");
    try (StepCache programs =
            run.compile(
                List.copyOf(buckets),
                bucket -> GradientProgram.of(run.tuning(), bucket),
                onHost ? HostGradient.bytes(parameters) : 0);
        HostGradient expected = new HostGradient(parameters)) {
      List<ShardedBuffer> weights = run.weights();
      try {
        GradientRuns gradients = new GradientRuns(programs, weights);
        return compare(sample, whole, alone, gradients, expected);
      } finally {
        weights.forEach(ShardedBuffer::close);
      }
    }
  }

  private PackingReport compare(
      PackedSample sample,
      List<PlannedStep> whole,
      BucketLadder alone,
      GradientRuns gradients,
      HostGradient expected) {
    int total = sample.places().size() + whole.size();
    List<PackingReport.ExampleResult> results = new ArrayList<>();
    for (PackedSample.Place place : sample.places()) {
      tell(results.size(), total);
      results.add(example(sample, place, alone, gradients, expected));
    }
    List<PackingReport.BatchResult> batches = new ArrayList<>();
    for (PlannedStep step : whole) {
      tell(results.size() + batches.size(), total);
      batches.add(batch(step, alone, gradients, expected));
    }
    tell(total, total);
    return new PackingReport(results, batches, Tolerance.of(run.tuning().compute()));
  }

  private void tell(int done, int total) {
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    observer.on(new RunEvent.Progressed("comparing", done, total));
  }

  private PackingReport.ExampleResult example(
      PackedSample sample,
      PackedSample.Place place,
      BucketLadder alone,
      GradientRuns gradients,
      HostGradient expected) {
    expected.clear();
    double own = gradients.run(alone(place.example(), alone), expected::add);
    PlannedStep step = sample.batches().get(place.batch());
    List<GradientDifference> difference = new ArrayList<>();
    double packed =
        gradients.run(
            Isolated.of(assembler.assemble(examples, step), examples, step, place),
            gradient -> difference.add(expected.compare(gradient)));
    return new PackingReport.ExampleResult(
        place.example(),
        run.origin(place.example()),
        examples.length(place.example()),
        examples.get(place.example()).supervised(),
        step.bucket(),
        place.segment() + 1,
        step.rows()[place.row()].length,
        new PackingReport.Losses(packed, own),
        difference.getFirst());
  }

  private PackingReport.BatchResult batch(
      PlannedStep step, BucketLadder alone, GradientRuns gradients, HostGradient expected) {
    expected.clear();
    double own = 0;
    int count = 0;
    for (int[] row : step.rows()) {
      for (int example : row) {
        own += gradients.run(alone(example, alone), expected::add);
        count++;
      }
    }
    Batch whole = assembler.assemble(examples, step);
    List<GradientDifference> difference = new ArrayList<>();
    double packed = gradients.run(whole, gradient -> difference.add(expected.compare(gradient)));
    return new PackingReport.BatchResult(
        step.bucket(),
        count,
        whole.counts().tokens(),
        whole.counts().supervised(),
        new PackingReport.Losses(packed, own),
        difference.getFirst());
  }

  /** An example in a row of its own, laid out as training lays out unpacked rows. */
  private Batch alone(int example, BucketLadder ladder) {
    return BatchAssembler.assemble(
        examples,
        new PlannedStep(ladder.holding(examples.length(example)), new int[][] {{example}}));
  }

  private static List<PlannedStep> onePerBucket(List<PlannedStep> batches) {
    Set<Bucket> seen = new LinkedHashSet<>();
    return batches.stream().filter(batch -> seen.add(batch.bucket())).toList();
  }

  /** Rows for one example: one length or two, as compiling a second one pays. */
  private BucketLadder alone(PackedSample sample, List<PlannedStep> whole) {
    List<Integer> all = new ArrayList<>();
    sample.places().forEach(place -> all.add(place.example()));
    whole.stream()
        .flatMap(step -> Arrays.stream(step.rows()))
        .flatMapToInt(Arrays::stream)
        .forEach(all::add);
    int[] lengths = all.stream().mapToInt(examples::length).toArray();
    return LadderReport.unpacked(
            LengthHistogram.of(lengths),
            1,
            run.plan().ladder().longest().length(),
            2,
            1,
            BucketCost.forWidth(run.width()))
        .ladder();
  }
}
