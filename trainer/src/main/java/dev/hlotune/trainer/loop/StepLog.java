package dev.hlotune.trainer.loop;

import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.step.TrainProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what steps report and writes the logged ones to metrics.jsonl. Figures of a line cover
 * all steps since the line before.
 */
final class StepLog {
  private final MetricsLog file;
  private final RunObserver observer;
  private final int totalSteps;
  private final IntPredicate logged;
  private final IntSupplier recompiles;
  private final Sums window = new Sums();
  private final Sums whole = new Sums();
  private int skipped;

  /**
   * A log of nothing yet; the clock starts now.
   *
   * @param logged whether a step gets a line
   * @param recompiles programs compiled since the first step
   */
  StepLog(
      MetricsLog file,
      RunObserver observer,
      int totalSteps,
      IntPredicate logged,
      IntSupplier recompiles) {
    this.file = file;
    this.observer = observer;
    this.totalSteps = totalSteps;
    this.logged = logged;
    this.recompiles = recompiles;
  }

  /** A step that was started. */
  record Started(LoadedBatch loaded, double learningRate, DeviceBuffer metrics) {}

  /** A step without a supervised token, which was left out. */
  void skipped(LoadedBatch loaded) {
    skipped++;
    observer.on(
        new RunEvent.Noted(
            "step " + loaded.step() + ": no supervised token in the batch, left out"));
  }

  /**
   * Waits for a step and takes its figures.
   *
   * @param heldOutLoss measured after it, or null
   * @throws ArithmeticException if its loss is not finite; the lines before are written
   */
  void finished(Started started, @Nullable Double heldOutLoss) {
    float[] metrics = TrainingLoop.read(started.metrics());
    LoadedBatch loaded = started.loaded();
    double lossSum = metrics[TrainProgram.LOSS_SUM];
    double weightSum = metrics[TrainProgram.WEIGHT_SUM];
    if (!Double.isFinite(lossSum) || !Float.isFinite(metrics[TrainProgram.GRADIENT_NORM])) {
      throw new ArithmeticException(
          "step "
              + loaded.step()
              + ": expected a finite loss and gradient, got "
              + lossSum / weightSum
              + " and "
              + metrics[TrainProgram.GRADIENT_NORM]
              + "; lower learning_rate, or look at the data");
    }
    window.add(lossSum, weightSum, loaded.batch());
    whole.add(lossSum, weightSum, loaded.batch());
    boolean line = heldOutLoss != null || logged.test(loaded.step());
    StepMetrics figures =
        new StepMetrics(
            loaded.step(),
            loaded.epoch(),
            window.lossSum / window.weightSum,
            heldOutLoss,
            metrics[TrainProgram.GRADIENT_NORM],
            started.learningRate(),
            whole.tokens,
            whole.supervised,
            window.tokens / window.seconds(),
            (double) window.padding / window.positions,
            window.seconds() * 1e3 / window.steps,
            recompiles.getAsInt());
    if (line) {
      try {
        file.append(figures);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    observer.on(new RunEvent.Stepped(figures, totalSteps, line));
    if (line) {
      window.restart();
    }
  }

  /** The mean loss of all supervised tokens so far. */
  double loss() {
    return whole.weightSum == 0 ? 0 : whole.lossSum / whole.weightSum;
  }

  long tokens() {
    return whole.tokens;
  }

  /** Seconds since the first step was waited for. */
  double seconds() {
    return whole.seconds();
  }

  /** Steps left out because nothing in them was supervised. */
  int skippedSteps() {
    return skipped;
  }

  private static final class Sums {
    private double lossSum;
    private double weightSum;
    private long tokens;
    private long supervised;
    private long padding;
    private long positions;
    private int steps;
    private long start = System.nanoTime();

    void add(double loss, double weight, Batch batch) {
      BatchCounts counts = batch.counts();
      lossSum += loss;
      weightSum += weight;
      tokens += counts.tokens();
      supervised += counts.supervised();
      padding += counts.padding();
      positions += (long) batch.microBatches() * batch.bucket().tokens();
      steps++;
    }

    double seconds() {
      return Math.max(1, System.nanoTime() - start) / 1e9;
    }

    void restart() {
      lossSum = 0;
      weightSum = 0;
      tokens = 0;
      supervised = 0;
      padding = 0;
      positions = 0;
      steps = 0;
      start = System.nanoTime();
    }
  }
}
