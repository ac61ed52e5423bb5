package dev.hlotune.trainer.loop;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.TrainState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loop over optimizer steps. A few steps are in flight at any time: a step is started before
 * the figures of those before it are read, so the device never waits for the host.
 */
final class TrainingLoop {
  /** Batches prepared in advance. */
  private static final int AHEAD = 4;

  /** Steps started whose figures are not read yet. */
  private static final int IN_FLIGHT = 2;

  private final Client client;
  private final StepCache programs;
  private final StepLog log;
  private final Deque<StepLog.Started> inFlight = new ArrayDeque<>();
  private TrainState state;
  private int done;

  TrainingLoop(Client client, StepCache programs, TrainState initial, StepLog log) {
    this.client = client;
    this.programs = programs;
    this.state = initial;
    this.log = log;
  }

  /**
   * Trains to the last step or to a request to stop.
   *
   * @param rate the learning rate of a step, counted from 0
   * @param pauses whether the run looks at the model after a step, counted from 1
   * @param atPause called with the state of that moment, all steps before it finished
   */
  void run(
      BatchPlan plan,
      int totalSteps,
      IntToDoubleFunction rate,
      IntPredicate pauses,
      Pause atPause,
      AtomicBoolean stop) {
    try (Loader loader = Loader.start(plan, 1, totalSteps, AHEAD)) {
      while (loader.hasNext() && !stop.get()) {
        LoadedBatch loaded = loader.next();
        double learningRate = rate.applyAsDouble(loaded.step() - 1);
        if (loaded.batch().counts().supervised() == 0) {
          // Nothing to learn from: no update, and no division by zero.
          log.skipped(loaded);
        } else {
          TrainState.Stepped stepped =
              state.step(
                  client, programs.get(loaded.batch().bucket()), loaded.batch(), learningRate);
          state = stepped.state();
          inFlight.add(new StepLog.Started(loaded, learningRate, stepped.metrics()));
        }
        done = loaded.step();
        boolean pause = pauses.test(done);
        while (inFlight.size() > (pause ? 1 : IN_FLIGHT)) {
          log.finished(inFlight.remove(), null);
        }
        if (pause) {
          finish(atPause);
        }
      }
      finish((_, _) -> null);
    } finally {
      inFlight.forEach(started -> started.metrics().close());
    }
  }

  /** What is done with the model while no step is in flight. */
  @FunctionalInterface
  interface Pause {
    /** Gives the held-out loss, if it was measured. */
    @Nullable Double look(int step, TrainState state);
  }

  private void finish(Pause pause) {
    Double loss = pause.look(done, state);
    while (!inFlight.isEmpty()) {
      log.finished(inFlight.remove(), loss);
    }
  }

  /** Steps done. */
  int done() {
    return done;
  }

  /** The state after the last step; the caller closes it. */
  TrainState state() {
    return state;
  }

  /** Reads the metrics of a step. */
  static float[] read(DeviceBuffer metrics) {
    try (metrics) {
      return metrics.readFloats();
    }
  }
}
