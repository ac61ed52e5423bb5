package dev.hlotune.trainer.loop;

import dev.hlotune.configs.CheckpointConfig;
import dev.hlotune.configs.SaveStrategy;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.step.HeldState;
import dev.hlotune.trainer.step.StateCopy;
import dev.hlotune.trainer.step.StateFile;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Saves checkpoints while a run trains. A step waits for the copy of the state to main memory, and
 * for a checkpoint before it that is not written yet; one thread writes, forces to the disk and
 * clears away what is beyond {@code save_total_limit}.
 *
 * <p>To be used by one thread, on which the observer is told.
 */
final class Checkpoints implements AutoCloseable {
  private static final String TRAINING_STATE = "training_state.json";

  /**
   * What all checkpoints of a run have in common.
   *
   * @param config of the run
   * @param model what it trains, as it is saved
   * @param manifest what it takes to run it
   * @param stepsPerEpoch of its data
   * @param totalSteps of the run
   */
  record Run(
      SftConfig config,
      TrainedModel model,
      RunManifest manifest,
      int stepsPerEpoch,
      int totalSteps) {}

  private record Written(CheckpointDirectory checkpoint, long bytes) {}

  private final Run run;
  private final RunObserver observer;
  private final IntPredicate bySteps;
  private final boolean weightsApart;
  private final StateCopy copy;
  private final boolean writes;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("hlotune-checkpoint").factory());
  private @Nullable CompletableFuture<Written> pending;
  private boolean roomy;
  private boolean told;
  private int pendingStep;
  private int last;
  private int best;
  private long lastTime = System.nanoTime();

  /**
   * None saved yet.
   *
   * @param resumed the step of the checkpoint that the run goes on from; 0 where there is none
   * @param copy takes copies of the state, and is closed with this
   * @param writes whether this process is the one that writes them
   */
  Checkpoints(Run run, int resumed, StateCopy copy, boolean writes, RunObserver observer)
      throws IOException {
    this.copy = copy;
    this.writes = writes;
    this.run = run;
    this.observer = observer;
    this.bySteps = bySteps(run);
    this.weightsApart = !run.model().holdsWeightsExactly();
    this.last = resumed;
  }

  private static IntPredicate bySteps(Run run) {
    CheckpointConfig config = run.config().checkpoints();
    int every =
        switch (config.strategy()) {
          case NO, BEST -> 0;
          case STEPS -> Math.max(1, config.saveSteps().steps(run.totalSteps()));
          case EPOCH -> run.stepsPerEpoch();
        };
    return step -> every > 0 && step % every == 0;
  }

  /** Whether one is to be saved after an update, whatever an evaluation will say. */
  boolean isDue(int step) {
    return bySteps.test(step)
        || run.config()
            .checkpoints()
            .minutes()
            .filter(minutes -> System.nanoTime() - lastTime > minutes * 60e9)
            .isPresent();
  }

  /** Whether an evaluation that is the best so far is followed by one. */
  boolean keepsBest() {
    CheckpointConfig config = run.config().checkpoints();
    return config.loadBest() || config.strategy() == SaveStrategy.BEST;
  }

  /** Whether there is one of that update, or one is being written. */
  boolean has(int step) {
    return last == step;
  }

  /**
   * Saves one. What cannot be written is told, and the run goes on.
   *
   * @param training of the stage that the state is of
   */
  void save(Training training, TrainState state, RunProgress progress) {
    await();
    IntPredicate changing = changing(training);
    boolean fits = copy.isNeeded() || hasRoom(StateCopy.bytes(state, changing));
    HeldState held = fits ? copy.take(state, changing) : HeldState.of(state);
    if (!writes) {
      last = progress.step();
      best = progress.best().step();
      return;
    }
    pendingStep = progress.step();
    last = progress.step();
    lastTime = System.nanoTime();
    best = progress.best().step();
    pending =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return write(training, held, progress, false);
              } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
              }
            },
            writer);
    if (!fits) {
      await();
    }
  }

  /** Without room for a copy in main memory, training waits for the files. */
  private boolean hasRoom(long bytes) {
    if (roomy) {
      return true;
    }
    try {
      roomy = MachineMemory.current().available() > bytes;
    } catch (IOException e) {
      roomy = true; // A system that does not say how much it has; an error would tell.
    }
    if (!roomy && !told) {
      told = true;
      observer.on(
          new RunEvent.Noted(
              "checkpoints: no room in main memory for a copy of %,d bytes, so training waits while one is written"
                  .formatted(bytes)));
    }
    return roomy;
  }

  /**
   * Saves one and waits for it.
   *
   * @param goesOn whether a run is to go on from it, also where checkpoints hold the model alone
   * @throws IOException if it could not be written
   */
  void saveNow(Training training, TrainState state, RunProgress progress, boolean goesOn)
      throws IOException {
    await();
    last = progress.step();
    best = progress.best().step();
    HeldState held = held(training, state);
    if (writes) {
      told(write(training, held, progress, goesOn));
    }
  }

  /** The state to be written, once nothing that was saved before is being written. */
  HeldState held(Training training, TrainState state) {
    return copy.isNeeded() ? copy.take(state, changing(training)) : HeldState.of(state);
  }

  /** Tells of a checkpoint that has been written meanwhile. */
  void poll() {
    CompletableFuture<Written> own = pending;
    if (own != null && own.isDone()) {
      await();
    }
  }

  /** Waits for a checkpoint that is being written, and tells of it. */
  void await() {
    CompletableFuture<Written> own = pending;
    if (own == null) {
      return;
    }
    pending = null;
    try {
      told(own.join());
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof UncheckedIOException failed)) {
        throw e;
      }
      if (last == pendingStep) {
        last = 0;
      }
      observer.on(
          new RunEvent.Noted(
              "checkpoint-%d could not be saved, those before it are intact and training goes on: %s"
                  .formatted(pendingStep, failed.getMessage())));
    }
  }

  private void told(Written written) {
    observer.on(new RunEvent.Saved(written.checkpoint().path(), written.bytes()));
  }

  /** Weights that no step changes are read from the device when they are written. */
  private IntPredicate changing(Training training) {
    if (copy.isNeeded()) {
      return _ -> true; // What is on no device here cannot be read later.
    }
    Set<String> masters = training.tuning().masters();
    List<String> names = training.tuning().parameters().names();
    return i -> masters.contains(names.get(i));
  }

  private Written write(Training training, HeldState state, RunProgress progress, boolean goesOn)
      throws IOException {
    SftConfig config = run.config();
    MetricsLog.force(config.output().directory().resolve(MetricsLog.NAME));
    CheckpointDirectory target =
        CheckpointDirectory.at(config.output().directory(), progress.step());
    long bytes =
        target.write(folder -> {
          run.model().writeInto(folder, state.weights());
          AtomicFile.write(
              folder.resolve("trainer_state.json"),
              JsonFile.print(
                  TrainerState.json(
                      config,
                      progress,
                      run.totalSteps(),
                      run.stepsPerEpoch(),
                      config.output().directory().resolve(MetricsLog.NAME),
                      StepFlops.of(run.model().tuned()).total(progress.log().whole()))));
          if (goesOn || !config.checkpoints().onlyModel()) {
            StateFile.write(folder.resolve(StateFile.NAME), training, state, weightsApart);
            AtomicFile.write(folder.resolve(TRAINING_STATE), JsonFile.print(json(progress)));
          }
        });
    clear(target);
    return new Written(target, bytes);
  }

  private Map<String, Object> json(RunProgress progress) {
    int perEpoch = run.stepsPerEpoch();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("progress", progress.json());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("epoch", progress.step() / perEpoch);
    data.put("step_in_epoch", progress.step() % perEpoch);
    data.put("steps_per_epoch", perEpoch);
    data.put("seed", run.config().machine().dataSeed());
    json.put("data", data);
    Map<String, Object> schedule = new LinkedHashMap<>();
    schedule.put("type", run.config().schedule().kind().spelled());
    schedule.put("total_steps", run.totalSteps());
    json.put("schedule", schedule);
    json.put("run", run.manifest().json());
    return json;
  }

  /** What a checkpoint says of the run that saved it; empty where it holds a model alone. */
  static SavedJson read(CheckpointDirectory checkpoint) throws IOException {
    return SavedJson.read(checkpoint.file(TRAINING_STATE));
  }

  /** Whether a run can go on from it. */
  static boolean isComplete(CheckpointDirectory checkpoint) {
    return Files.isRegularFile(checkpoint.file(TRAINING_STATE));
  }

  private void clear(CheckpointDirectory newest) throws IOException {
    CheckpointConfig config = run.config().checkpoints();
    if (config.totalLimit().isEmpty()) {
      return;
    }
    List<CheckpointDirectory> all =
        new ArrayList<>(CheckpointDirectory.in(run.config().output().directory()));
    int beyond = all.size() - config.totalLimit().get();
    for (CheckpointDirectory old : all) {
      boolean kept = old.step() == newest.step() || (keepsBest() && old.step() == best);
      if (beyond > 0 && !kept) {
        AtomicDirectory.delete(old.path());
        beyond--;
      }
    }
  }

  @Override
  public void close() {
    CompletableFuture<Written> own = pending;
    if (own != null) {
      own.exceptionally(_ -> null).join();
    }
    writer.shutdown();
    copy.close();
  }
}
