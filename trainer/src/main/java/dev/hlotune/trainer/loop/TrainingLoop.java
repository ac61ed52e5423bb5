package dev.hlotune.trainer.loop;

import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.step.TrainState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

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
  private final Stages stages;
  private Stages.Stage stage;
  private int stageStart;
  private final StepLog log;
  private final Deque<StepLog.Started> inFlight = new ArrayDeque<>();
  private TrainState state;
  private int done;

  TrainingLoop(Client client, Stages stages, TrainState initial, StepLog log) {
    this.client = client;
    this.stages = stages;
    this.stage = stages.first();
    this.state = initial;
    this.log = log;
  }

  /**
   * Trains to the last step, to a request to stop, or to a step that gives no number.
   *
   * @param settings of a step, counted from 0
   * @param pauses whether the run looks at the model after a step, counted from 1
   * @param atPause called with the state of that moment, all steps before it finished
   */
  void run(
      BatchPlan plan,
      int totalSteps,
      IntFunction<TrainState.Settings> settings,
      IntPredicate pauses,
      Pause atPause,
      AtomicBoolean stop) {
    try (Loader loader = Loader.start(plan, 1, totalSteps, AHEAD);
        StepClock clock = new StepClock()) {
      log.resumed();
      while (loader.hasNext() && !stop.get() && !log.diverged()) {
        start(loader.next(), settings, clock);
        if (pauses.test(done)) {
          drain(1);
          look(atPause);
          log.resumed();
        } else {
          drain(IN_FLIGHT);
        }
      }
      log.endsAt(done);
      drain(0);
    } finally {
      inFlight.forEach(started -> started.metrics().close());
    }
  }

  /** What is done with the model while no step is in flight. */
  @FunctionalInterface
  interface Pause {
    /** Gives the held-out loss, if it could be measured. */
    Optional<HeldOutLoss> look(int step, TrainState state);
  }

  private void start(
      LoadedBatch loaded, IntFunction<TrainState.Settings> settings, StepClock clock) {
    TrainState.Settings own = settings.apply(loaded.step() - 1);
    int start = stages.startOf(loaded.step() - 1);
    if (start != stageStart) {
      stageStart = start;
      stage = stages.of(start);
      state = state.into(client, stage.training());
    }
    if (loaded.batch().counts().supervised() == 0) {
      // Nothing to learn from: no update, and no division by zero.
      log.skipped(loaded);
    } else {
      TrainState.Stepped stepped =
          state.step(client, stage.steps().get(loaded.batch().bucket()), loaded.batch(), own);
      state = stepped.state();
      inFlight.add(
          new StepLog.Started(
              loaded, own.learningRate(), stepped.metrics(), clock.ended(stepped.metrics())));
    }
    done = loaded.step();
  }

  private void drain(int keep) {
    while (inFlight.size() > keep && !log.diverged()) {
      finish(Optional::empty);
    }
  }

  private void look(Pause pause) {
    if (log.diverged()) {
      return;
    }
    if (inFlight.isEmpty()) {
      pause.look(done, state).ifPresent(heldOut -> log.evaluated(done, heldOut));
    } else {
      finish(() -> pause.look(done, state));
    }
  }

  private void finish(Supplier<Optional<HeldOutLoss>> look) {
    StepLog.Started started = inFlight.remove();
    log.finished(started, look);
    if (log.diverged()) {
      done = started.loaded().step() - 1;
    }
  }

  /** Steps done that gave a number, and those left out between them. */
  int done() {
    return done;
  }

  StepLog log() {
    return log;
  }

  /** The state after the last step that was started; the caller closes it. */
  TrainState state() {
    return state;
  }
}
