package dev.hlotune.trainer.loop;

import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.data.RowShare;
import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
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

  private final Storage optimizerStorage;
  private final Stages stages;
  private Stages.Stage stage;
  private int stageStart;
  private final StepLog log;
  private final Deque<StepLog.Started> inFlight = new ArrayDeque<>();
  private TrainState state;
  private int done;

  /**
   * A loop that goes on.
   *
   * @param optimizerStorage where optimizer state is kept
   * @param state after the last update
   * @param done updates before that, this one included
   */
  TrainingLoop(Storage optimizerStorage, Stages stages, TrainState state, int done, StepLog log) {
    this.optimizerStorage = optimizerStorage;
    this.stages = stages;
    this.stageStart = stages.startOf(Math.max(0, done - 1));
    this.stage = stages.of(stageStart);
    this.state = state;
    this.done = done;
    this.log = log;
  }

  /**
   * Trains to the last step, to a request to stop, to where the run has seen enough, or to a step
   * that gives no number.
   *
   * @param rows of each batch that this process reads
   * @param settings of a step, counted from 0
   * @param stops whether the run is to stop before the next step
   */
  void run(
      BatchPlan plan,
      RowShare rows,
      int totalSteps,
      IntFunction<TrainState.Settings> settings,
      Pauses pauses,
      BooleanSupplier stops) {
    try (Loader loader = Loader.start(plan, rows, done + 1, totalSteps, AHEAD);
        StepClock clock = new StepClock()) {
      if (pauses.owesLook(done)) {
        pauses.look(done, state).ifPresent(heldOut -> log.evaluatedLate(done, heldOut));
      }
      log.resumed();
      while (loader.hasNext() && !stops.getAsBoolean() && !pauses.isEnough() && !log.diverged()) {
        start(loader, settings, clock);
        if (pauses.isAt(done)) {
          drain(1);
          pause(pauses);
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
  interface Pauses {
    /** Whether there is something to do after a step, counted from 1. */
    boolean isAt(int step);

    /** Gives the held-out loss, if it is wanted after this step and could be measured. */
    Optional<HeldOutLoss> look(int step, TrainState state);

    /** Whether the interruption before this step came between it and its look. */
    boolean owesLook(int step);

    /** Saves what is to be saved after this step, whose figures are known. */
    void save(int step, Training training, TrainState state);

    /** Whether no further step is wanted. */
    boolean isEnough();
  }

  private void start(Loader loader, IntFunction<TrainState.Settings> settings, StepClock clock) {
    LoadedBatch loaded = loader.next();
    TrainState.Settings own = settings.apply(loaded.step() - 1);
    int start = stages.startOf(loaded.step() - 1);
    if (start != stageStart) {
      stageStart = start;
      stage = stages.of(start);
      state = state.into(optimizerStorage, stage.training());
    }
    if (loaded.batch().counts().supervised() == 0) {
      // Nothing to learn from: no update, and no division by zero.
      log.skipped(loaded);
    } else {
      TrainState.Stepped stepped =
          state.step(stage.steps().get(loaded.batch().bucket()), loaded.batch(), own);
      state = stepped.state();
      inFlight.add(
          new StepLog.Started(
              loaded,
              own.learningRate(),
              stepped.metrics(),
              clock.ended(stepped.metrics()),
              loader.waitedNanos()));
    }
    done = loaded.step();
  }

  private void drain(int keep) {
    while (inFlight.size() > keep && !log.diverged()) {
      finish(Optional::empty);
    }
  }

  private void pause(Pauses pauses) {
    if (log.diverged()) {
      return;
    }
    if (inFlight.isEmpty()) {
      pauses.look(done, state).ifPresent(heldOut -> log.evaluated(done, heldOut));
    } else {
      finish(() -> pauses.look(done, state));
    }
    if (!log.diverged()) {
      pauses.save(done, stage.training(), state);
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

  /** What the last step that was started trained. */
  Training training() {
    return stage.training();
  }

  StepLog log() {
    return log;
  }

  /** The state after the last step that was started; the caller closes it. */
  TrainState state() {
    return state;
  }
}
