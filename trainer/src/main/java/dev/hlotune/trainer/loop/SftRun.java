package dev.hlotune.trainer.loop;

import dev.hlotune.configs.GenerateStrategy;
import dev.hlotune.configs.GradientCheckpointing;
import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.archive.CompiledArchive;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.Regularization;
import dev.hlotune.trainer.step.StateCopy;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;

/**
 * A supervised fine-tuning run from its recipe to the model directory it leaves. The model is
 * looked at, data is tokenized and planned, then everything is compiled, then the weights are put
 * on the device, then it trains.
 */
public final class SftRun {

  /** Tells how many bytes of device memory are free: a seam, so that a test can have little. */
  @FunctionalInterface
  interface FreeMemory {
    long bytes(Client client) throws IOException;
  }

  private final SftConfig asked;
  private final FetchedModel fetched;

  /** As {@link #asked}, with paths in place of ids of the hub. */
  private final SftConfig config;

  private final OutputDirectory directory;
  private final Optional<Resumption> resumed;
  private final int until;
  private final Processes processes;
  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final FreeMemory memory;

  private SftRun(
      SftConfig asked,
      FetchedModel fetched,
      OutputDirectory directory,
      Optional<Resumption> resumed,
      int until,
      Processes processes,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory) {
    this.processes = processes;
    this.asked = asked;
    this.fetched = fetched;
    this.config = fetched.config();
    this.directory = directory;
    this.resumed = resumed;
    this.until = until;
    this.observer = observer;
    this.stop = stop;
    this.memory = memory;
  }

  /**
   * Runs it. Leaves {@code metrics.jsonl}, {@code run.json} and {@code final/} in the output
   * directory, also when it is stopped on the way; a run that diverged leaves no model.
   *
   * @param observer hears how it goes
   * @param stop set by another thread to end the run after the step it is in
   * @throws IOException if a file cannot be read or written
   */
  public static RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    return run(config, System.getenv(), Integer.MAX_VALUE, observer, stop, Devices::freeMemory);
  }

  /**
   * Runs a part of it, as if it had been asked to stop after an update.
   *
   * @param until the last update to do
   * @throws IOException if a file cannot be read or written
   */
  public static RunSummary runUntil(
      int until, SftConfig config, RunObserver observer, AtomicBoolean stop) throws IOException {
    return run(config, System.getenv(), until, observer, stop, Devices::freeMemory);
  }

  /** The same to the end. */
  static RunSummary run(
      SftConfig config,
      Map<String, String> environment,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    return run(config, environment, Integer.MAX_VALUE, observer, stop, memory);
  }

  /**
   * As the public one.
   *
   * @param environment names the hub
   * @param until the last update to do
   */
  static RunSummary run(
      SftConfig config,
      Map<String, String> environment,
      int until,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    try (Processes processes = Processes.join(config, environment, stop, observer)) {
      try {
        return run(
            config,
            environment,
            until,
            processes,
            processes.observing(observer),
            processes.stop(),
            memory);
      } catch (IOException | RuntimeException | Error failure) {
        processes.abandon(failure);
        throw failure;
      }
    }
  }

  private static RunSummary run(
      SftConfig asked,
      Map<String, String> environment,
      int until,
      Processes processes,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    SftConfig config = asked;
    if (!processes.writes()) {
      // What every process of a run writes beside the model is written once.
      config = asked.with(asked.output().into(Files.createTempDirectory("hlotune-process")));
    }
    Path output = config.output().directory();
    boolean goesOn = config.checkpoints().resume().filter(from -> isOf(output, from)).isPresent();
    try (OutputDirectory directory =
        OutputDirectory.open(output, goesOn || config.output().overwrite())) {
      Optional<Resumption> resumed = processes.resumption(asked, observer);
      FetchedModel fetched = FetchedModel.of(config, environment, observer, stop);
      BaseModel base = BaseModel.open(fetched.config());
      ModelDropout.check(fetched.config().model().regularization(), base.json());
      int cpuDevices = fetched.config().sharding().cpuDevices(processes.count());
      try (Client client =
          Devices.open(config.machine(), cpuDevices, processes.group(), observer, stop)) {
        processes.check(client);
        SftConfig recipe = config.on(client.devices().size());
        resumed.ifPresent(own -> own.requireSameRecipe(recipe));
        return new SftRun(
                recipe,
                fetched.on(client.devices().size()),
                directory,
                resumed,
                until,
                processes,
                observer,
                stop,
                memory)
            .run(base, client);
      }
    } catch (CancellationException stopped) {
      RunSummary summary = RunSummary.nothing(output);
      observer.on(new RunEvent.Ended(summary));
      return summary;
    } finally {
      if (!processes.writes()) {
        AtomicDirectory.delete(output);
      }
    }
  }

  /** Whether what is there is what a run goes on with; another run's results must not be lost. */
  private static boolean isOf(Path output, Resume resume) {
    return switch (resume) {
      case Resume.Newest() -> true;
      case Resume.From(Path checkpoint) ->
          checkpoint.toAbsolutePath().normalize().startsWith(output.toAbsolutePath().normalize());
    };
  }

  private RunSummary run(BaseModel base, Client client) throws IOException {
    RunSummary summary;
    try (Tokenizer tokenizer =
        Tokenizer.load(
            config.model().tokenizerPath(),
            Recipes.tokens(config.model().tokens()),
            config.machine().cacheRoot())) {
      summary = train(TokenRows.add(config, base, tokenizer, observer), tokenizer, client);
    }
    observer.on(new RunEvent.Ended(summary));
    return summary;
  }

  private RunSummary train(BaseModel base, Tokenizer tokenizer, Client client) throws IOException {
    Path cache = config.machine().cacheRoot();
    TunedModel whole = TunedModel.of(config, base);
    ModelMesh mesh = Meshes.of(config.sharding(), client, whole.tuning().parameters());
    TunedModel tuned = whole.on(mesh.rules().spread());
    Map<Integer, OptimizerRecipe> optimizers = Recipes.optimizers(config, tuned);
    OptimizerRecipe first = Objects.requireNonNull(optimizers.get(0));
    try (DataSets data =
        DataSets.open(
            config,
            tokenizer,
            base.model().vocabulary(),
            base.width(),
            rows(mesh),
            cache,
            observer,
            stop)) {
      DataAudits.gate(config, data, base.model().vocabulary(), observer, stop);
      int steps =
          data.plan().totalSteps(config.schedule().numTrainEpochs(), config.schedule().maxSteps());
      observer.on(new RunEvent.Planned(Plans.of(asked, tuned, first, data, steps, mesh)));
      return train(tuned, optimizers, data, mesh, steps);
    }
  }

  private RunSummary train(
      TunedModel tuned,
      Map<Integer, OptimizerRecipe> optimizers,
      DataSets data,
      ModelMesh mesh,
      int totalSteps)
      throws IOException {
    Client client = mesh.devices().client();
    if (client.platformName().equals("cpu")
        && config.model().gradientCheckpointing() != GradientCheckpointing.NONE
        && !config.model().scanLayers()) {
      observer.on(
          new RunEvent.Noted(
              "gradient_checkpointing: saves nothing on the CPU while 'scan_layers' is false; its"
                  + " compiler computes once what was to be computed again"));
    }
    NavigableMap<Integer, Training> trainings =
        Recipes.trainings(config, tuned, optimizers, totalSteps);
    MemoryNeed need = MemoryNeed.ofState(tuned, trainings.values(), mesh);
    need.require(memory.bytes(client));
    ProgramCompiler compiler =
        ProgramCompiler.cached(
            mesh,
            config.machine().cacheRoot(),
            config.machine().compiledArchive().map(CompiledArchive::open));
    long start = System.nanoTime();
    RecipePrograms wanted = RecipePrograms.of(config, trainings, data);
    try (Programs programs = Programs.compile(wanted, compiler, observer, stop)) {
      noteArchive(compiler);
      need = need.with(programs);
      double milliseconds = (System.nanoTime() - start) / 1e6;
      observer.on(
          new RunEvent.Compiled(
              compiler.programs(), compiler.fromCache(), milliseconds, need.total()));
      need.require(memory.bytes(client));
      RunManifest manifest = Manifests.of(asked, fetched, data, programs, mesh);
      resumed.ifPresent(own -> own.requireSame(config, manifest));
      boolean fromNothing = resumed.isEmpty() && config.checkpoints().resume().isPresent();
      directory.create(need.parameters(), resumed, fromNothing || config.output().overwrite());
      Path output = config.output().directory();
      manifest.write(output.resolve("run.json"));
      observer.on(new RunEvent.Described(manifest));
      try (MetricsLog file = metrics(output.resolve(MetricsLog.NAME))) {
        TrainedModel model = new TrainedModel(config, tuned, data.tokenizer(), data.template());
        Checkpoints.Run run =
            new Checkpoints.Run(config, model, manifest, data.plan().stepsPerEpoch(), totalSteps);
        StateCopy copy = StateCopy.of(compiler, trainings.values(), processes.writes());
        try (Checkpoints checkpoints =
            new Checkpoints(run, progress().step(), copy, processes.writes(), observer)) {
          Gauges gauges =
              Gauges.of(
                  StepFlops.of(tuned),
                  DevicePeak.of(config, client.device().kind(), mesh.devices().devices().size()),
                  client,
                  need.total());
          return train(model, data, totalSteps, programs, compiler, file, checkpoints, gauges);
        }
      }
    }
  }

  /** An archive of another recipe, or for other data, must not go unnoticed. */
  private void noteArchive(ProgramCompiler compiler) {
    int missing = compiler.programs() - compiler.fromArchive();
    if (config.machine().compiledArchive().isPresent() && missing > 0) {
      observer.on(
          new RunEvent.Noted(
              "compiled_archive: %d of %d programs are not in it; it is of another recipe, or other data"
                  .formatted(missing, compiler.programs())));
    }
  }

  /** As the run before had it, if it can be: the same batches are the same training. */
  private RowShares rows(ModelMesh mesh) {
    RowShares own = RowShares.of(mesh.rules().spread().rows());
    return resumed.map(before -> own.asIn(before.rowMultiple())).orElse(own);
  }

  private RunProgress progress() {
    return resumed.map(Resumption::progress).orElse(RunProgress.NOTHING);
  }

  /** Answers of before, without those that will be given again. */
  private Path samples() throws IOException {
    Path file = config.output().directory().resolve(Leftovers.SAMPLES);
    if (resumed.isPresent()) {
      Path before = resumed.get().checkpoint().path().resolveSibling(Leftovers.SAMPLES);
      if (Files.exists(before)) {
        MetricsLog.after(file, before, progress().step()).close();
      }
    }
    return file;
  }

  private MetricsLog metrics(Path file) throws IOException {
    return resumed.isPresent()
        ? MetricsLog.after(
            file,
            resumed.get().checkpoint().path().resolveSibling(MetricsLog.NAME),
            progress().step())
        : MetricsLog.create(file);
  }

  private RunSummary train(
      TrainedModel model,
      DataSets data,
      int totalSteps,
      Programs programs,
      ProgramCompiler compiler,
      MetricsLog file,
      Checkpoints checkpoints,
      Gauges gauges)
      throws IOException {
    RunProgress before = progress();
    Schedule schedule = Recipes.schedule(config.schedule(), totalSteps);
    double rate = config.schedule().highestRate();
    Evaluations evaluations =
        new Evaluations(
            data,
            programs,
            before.evalLoss(),
            samples(),
            config.evaluation().generateStrategy() == GenerateStrategy.EVAL,
            observer,
            stop);
    int compiled = compiler.programs();
    StepLog log =
        new StepLog(
            file,
            observer,
            totalSteps,
            logged(totalSteps),
            () -> compiler.programs() - compiled,
            gauges,
            new Nonfinite(
                new NonfiniteBatch(config.output().directory(), data),
                config.watch().maxNonfiniteSteps(),
                observer),
            before.log());
    RunPauses pauses =
        new RunPauses(
            Evaluations.steps(config.evaluation(), data, totalSteps),
            evaluations,
            checkpoints,
            new BestSoFar(config.checkpoints(), before.best()),
            log,
            before.evaluatedStep());
    TrainState start = start(model.tuned(), programs.stages(), compiler);
    TrainingLoop loop =
        new TrainingLoop(
            compiler.mesh().stateStorage(), programs.stages(), start, before.step(), log);
    Regularization regularization = programs.stages().first().training().regularization();
    TrainState kept = start;
    try {
      try {
        loop.run(
            data.plan(),
            processes.share(compiler.mesh()),
            Math.min(until, totalSteps),
            step ->
                new TrainState.Settings(
                    rate * schedule.factor(step), step, regularization, config.machine().seed()),
            pauses,
            processes::stops);
      } catch (UncheckedIOException unwritten) {
        // A line of metrics that finds no room must not cost what was learned.
        try {
          checkpoints.saveNow(loop.training(), loop.state(), pauses.progress(loop.done()), true);
        } catch (IOException e) {
          unwritten.addSuppressed(e);
        }
        throw unwritten;
      } finally {
        kept = loop.state();
      }
      TrainResults results = log.results(loop.done());
      results.write(config.output().directory());
      boolean enough = loop.done() == totalSteps || pauses.isEnough();
      if (!log.diverged()) {
        boolean asked = config.checkpoints().last() && config.checkpoints().saves();
        checkpoints.await();
        if (!checkpoints.has(loop.done()) && (asked || !enough)) {
          checkpoints.saveNow(loop.training(), kept, pauses.progress(loop.done()), !enough);
        }
        if (enough) {
          kept = best(model.tuned(), programs.stages(), compiler, pauses, loop.done(), kept);
          save(model, checkpoints.held(loop.training(), kept).weights());
          if (!leavesLast(pauses, loop.done()) || evaluations.answeredStep() != loop.done()) {
            evaluations.answer(loop.done(), kept);
          }
        }
      }
      return new RunSummary(
          log.diverged()
              ? RunSummary.Outcome.DIVERGED
              : enough && !evaluations.isCut()
                  ? RunSummary.Outcome.DONE
                  : RunSummary.Outcome.INTERRUPTED,
          loop.done(),
          totalSteps,
          log.skippedSteps(),
          log.loss(),
          evaluations.loss(),
          evaluations.exactMatch(),
          results.runtime(),
          log.tokens(),
          compiler.programs() - compiled,
          results,
          config.output().directory());
    } finally {
      kept.close();
    }
  }

  private TrainState start(TunedModel tuned, Stages stages, ProgramCompiler compiler)
      throws IOException {
    return resumed.isPresent()
        ? restored(tuned, stages, compiler, resumed.get().checkpoint())
        : tuned.initial(stages.first().training(), compiler, config.machine().seed());
  }

  private TrainState restored(
      TunedModel tuned, Stages stages, ProgramCompiler compiler, CheckpointDirectory checkpoint)
      throws IOException {
    Training training = stages.of(Math.max(0, checkpoint.step() - 1)).training();
    return tuned.restored(training, compiler, config.machine().seed(), checkpoint.path());
  }

  /** The state that the run leaves: its last, or that of its best evaluation. */
  private TrainState best(
      TunedModel tuned,
      Stages stages,
      ProgramCompiler compiler,
      RunPauses pauses,
      int done,
      TrainState last)
      throws IOException {
    if (leavesLast(pauses, done)) {
      return last;
    }
    int step = pauses.best().step().orElseThrow();
    processes.meet("best");
    CheckpointDirectory best = CheckpointDirectory.at(asked.output().directory(), step);
    best.verify();
    last.close();
    TrainState state = restored(tuned, stages, compiler, best);
    observer.on(new RunEvent.Noted("the best model is that of step " + step));
    return state;
  }

  private boolean leavesLast(RunPauses pauses, int done) {
    Optional<Integer> step = pauses.best().step();
    return !config.checkpoints().loadBest() || step.isEmpty() || step.get() == done;
  }

  private void save(TrainedModel model, List<HeldArray> weights) throws IOException {
    if (!processes.writes()) {
      return;
    }
    Path target = config.output().directory().resolve("final");
    long bytes = model.write(target, weights);
    observer.on(new RunEvent.Saved(target, bytes));
  }

  private IntPredicate logged(int totalSteps) {
    int every = Math.max(1, config.output().loggingSteps().steps(totalSteps));
    return step ->
        step % every == 0
            || step == totalSteps
            || (step == 1 && config.output().loggingFirstStep());
  }
}
