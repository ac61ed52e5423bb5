package dev.hlotune.trainer.loop;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.step.TrainProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Adds up what steps report and writes the logged ones to metrics.jsonl. Figures of a line cover
 * all steps since the line before; the time is the device's, from the end of one step to the end of
 * another, without what lies in between of evaluation.
 */
final class StepLog {
  private static final int MOST_NOTES = 3;

  private final MetricsLog file;
  private final RunObserver observer;
  private final int totalSteps;
  private final IntPredicate logged;
  private final IntSupplier recompiles;
  private final Gauges gauges;
  private final Nonfinite nonfinite;
  private final long start = System.nanoTime();
  private final double secondsBefore;
  private StepSums window;
  private StepSums whole;
  private long windowStart;
  private long lastEnd = start;
  private int lastStep;
  private double lastEpoch;
  private long windowWaited;
  private LeftOut leftOut;
  private boolean diverged;

  /**
   * What a log has added up.
   *
   * @param whole of all steps
   * @param window of the steps since the last line
   * @param windowSeconds how long those took
   * @param leftOut steps that changed nothing
   * @param seconds since the run began
   */
  record State(
      StepSums whole, StepSums window, double windowSeconds, LeftOut leftOut, double seconds) {
    static final State NOTHING = new State(StepSums.NONE, StepSums.NONE, 0, LeftOut.NONE, 0);
  }

  /**
   * A log that goes on.
   *
   * @param logged whether a step gets a line
   * @param recompiles programs compiled since the first step
   * @param gauges what is measured besides
   * @param nonfinite what is done about losses that are no finite numbers
   * @param before what it had added up
   */
  StepLog(
      MetricsLog file,
      RunObserver observer,
      int totalSteps,
      IntPredicate logged,
      IntSupplier recompiles,
      Gauges gauges,
      Nonfinite nonfinite,
      State before) {
    this.file = file;
    this.observer = observer;
    this.totalSteps = totalSteps;
    this.logged = logged;
    this.recompiles = recompiles;
    this.gauges = gauges;
    this.nonfinite = nonfinite;
    this.whole = before.whole();
    this.window = before.window();
    this.leftOut = before.leftOut();
    this.secondsBefore = before.seconds();
    this.windowStart = start - Math.round(before.windowSeconds() * 1e9);
  }

  /** What it has added up, while no step is under way. */
  State state() {
    return new State(whole, window, (lastEnd - windowStart) / 1e9, leftOut, seconds());
  }

  /**
   * A step that was started.
   *
   * @param metrics what it gives, owned by whoever takes it from here
   * @param ended when the device has ended it
   * @param waited nanoseconds that the loop has waited for batches since it began
   */
  record Started(
      LoadedBatch loaded,
      double learningRate,
      ShardedBuffer metrics,
      CompletableFuture<Long> ended,
      long waited) {}

  /** Steps begin, or go on after something else was done: that time is not theirs. */
  void resumed() {
    long now = System.nanoTime();
    windowStart = window.steps() == 0 ? now : windowStart + now - lastEnd;
    lastEnd = now;
  }

  /** No step follows this one: it gets a line, whatever its number. */
  void endsAt(int step) {
    lastStep = step;
  }

  /** A step without a supervised token, which was left out. */
  void skipped(LoadedBatch loaded) {
    leftOut = leftOut.plusUnsupervised(loaded.batch().counts().maskedRows());
    if (leftOut.unsupervised() <= MOST_NOTES) {
      observer.on(
          new RunEvent.Noted(
              "step " + loaded.step() + ": no supervised token in the batch, left out"));
    }
  }

  /**
   * Waits for a step, takes its figures and, where they are numbers, looks at the model.
   *
   * @param look measures the held-out loss after this step, if that is wanted
   */
  void finished(Started started, Supplier<Optional<HeldOutLoss>> look) {
    float[] metrics;
    try (ShardedBuffer buffer = started.metrics()) {
      metrics = buffer.readFloats();
    }
    LoadedBatch loaded = started.loaded();
    double lossSum = metrics[TrainProgram.LOSS_SUM];
    double weightSum = metrics[TrainProgram.WEIGHT_SUM];
    double norm = metrics[TrainProgram.GRADIENT_NORM];
    boolean untaken = metrics.length > TrainProgram.LEFT_OUT && metrics[TrainProgram.LEFT_OUT] > 0;
    if (untaken || !Double.isFinite(lossSum) || !Double.isFinite(norm)) {
      if (untaken
          && Double.isFinite(lossSum)
          && metrics[TrainProgram.LOSS_SCALE] > TrainProgram.LEAST_SCALE) {
        overflowed(loaded, metrics[TrainProgram.LOSS_SCALE]);
      } else {
        leftOut = leftOut.plusNonfinite(untaken);
        diverged =
            nonfinite.stops(
                leftOut.nonfinite(),
                new Nonfinite.Update(
                    loaded, lossSum / weightSum, norm, started.learningRate(), untaken));
      }
      if (!diverged) {
        lastEnd = started.ended().join();
        look.get().ifPresent(held -> evaluated(loaded.step(), held));
      }
      return;
    }
    lastEnd = started.ended().join();
    window = window.plus(lossSum, weightSum, loaded.batch());
    whole = whole.plus(lossSum, weightSum, loaded.batch());
    lastEpoch = loaded.epoch();
    Optional<HeldOutLoss> heldOut = look.get();
    boolean line = heldOut.isPresent() || loaded.step() == lastStep || logged.test(loaded.step());
    double seconds = Math.max(1, lastEnd - windowStart) / 1e9;
    StepMetrics figures =
        new StepMetrics(
            loaded.step(),
            loaded.epoch(),
            window.loss(),
            heldOut.map(HeldOutLoss::loss).orElse(null),
            norm,
            started.learningRate(),
            whole.tokens(),
            whole.supervised(),
            window.tokens() / seconds,
            (double) window.padding() / window.positions(),
            seconds * 1e3 / window.steps(),
            recompiles.getAsInt(),
            telemetry(seconds, started.waited() - windowWaited, line),
            heldOut.map(HeldOutLoss::figures).orElse(Map.of()));
    if (line) {
      write(figures);
    }
    observer.on(new RunEvent.Stepped(figures, totalSteps, line));
    heldOut.ifPresent(held -> evaluated(loaded.step(), held));
    if (line) {
      window = StepSums.NONE;
      windowStart = lastEnd;
      windowWaited = started.waited();
    }
  }

  /** Memory is asked for where there is a line alone. */
  private StepTelemetry telemetry(double seconds, long waited, boolean line) {
    StepFlops flops = gauges.flops();
    double needed =
        window.tokens() * flops.perToken() + window.supervised() * flops.perSupervised();
    return new StepTelemetry(
        window.examples() / seconds,
        (double) window.supervised() / window.tokens(),
        waited / 1e6,
        leftOut.unsupervised(),
        leftOut.overflowed(),
        leftOut.nonfinite(),
        whole.maskedRows() + leftOut.maskedRows(),
        line ? gauges.deviceBytes().getAsLong() : 0,
        line ? gauges.hostBytes().getAsLong() : 0,
        flops.total(whole),
        gauges.peakFlops().isPresent()
            ? needed / seconds / gauges.peakFlops().getAsDouble()
            : null);
  }

  /** A step whose gradient was too large for f16: it changed nothing but the loss' scale. */
  private void overflowed(LoadedBatch loaded, float scale) {
    leftOut = leftOut.plusOverflowed();
    if (leftOut.overflowed() <= MOST_NOTES) {
      observer.on(
          new RunEvent.Noted(
              "step %d: the gradient has no room in float16 with a loss scale of %.0f, left out"
                  .formatted(loaded.step(), scale)));
    }
  }

  /** Tells of a measurement. */
  void evaluated(int step, HeldOutLoss heldOut) {
    observer.on(new RunEvent.Evaluated(step, heldOut.loss(), heldOut.supervised()));
  }

  /** A measurement that was cut short by an interruption right after a step. */
  void evaluatedLate(int step, HeldOutLoss heldOut) {
    try {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("eval_loss", heldOut.loss());
      figures.putAll(heldOut.figures());
      file.amend(step, figures);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    evaluated(step, heldOut);
  }

  private void write(StepMetrics figures) {
    try {
      file.append(figures);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Whether a step gave no number; nothing after it is logged. */
  boolean diverged() {
    return diverged;
  }

  /** The mean loss of all supervised tokens so far. */
  double loss() {
    return whole.loss();
  }

  long tokens() {
    return whole.tokens();
  }

  /** Seconds since the first step, evaluation included, the time between two processes not. */
  double seconds() {
    return secondsBefore + (System.nanoTime() - start) / 1e9;
  }

  /**
   * Steps left out: nothing in them was supervised, the gradient was too large for f16, or no
   * number.
   */
  int skippedSteps() {
    return leftOut.steps();
  }

  /**
   * What it came to.
   *
   * @param steps updates done
   */
  TrainResults results(int steps) {
    return new TrainResults(
        lastEpoch, gauges.flops().total(whole), loss(), seconds(), whole.examples(), steps);
  }
}
