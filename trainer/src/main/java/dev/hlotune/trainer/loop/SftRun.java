package dev.hlotune.trainer.loop;

import dev.hlotune.configs.GradientCheckpointing;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final FreeMemory memory;

  private SftRun(
      SftConfig asked,
      FetchedModel fetched,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory) {
    this.asked = asked;
    this.fetched = fetched;
    this.config = fetched.config();
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
    return run(config, System.getenv(), observer, stop, Devices::freeMemory);
  }

  /**
   * As the public one.
   *
   * @param environment names the hub
   */
  static RunSummary run(
      SftConfig config,
      Map<String, String> environment,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    Path output = config.output().directory();
    OutputDirectory.check(output, config.output().overwrite());
    FetchedModel fetched;
    try {
      fetched = FetchedModel.of(config, environment, observer, stop);
    } catch (CancellationException stopped) {
      RunSummary summary = RunSummary.nothing(output);
      observer.on(new RunEvent.Ended(summary));
      return summary;
    }
    return new SftRun(config, fetched, observer, stop, memory).run();
  }

  private RunSummary run() throws IOException {
    Path output = config.output().directory();
    BaseModel base = BaseModel.open(config);
    ModelDropout.check(config.model().regularization(), base.json());
    RunSummary summary;
    try (Tokenizer tokenizer =
        Tokenizer.load(
            config.model().tokenizerPath(),
            Recipes.tokens(config.model().tokens()),
            config.machine().cacheRoot())) {
      summary = train(TokenRows.add(config, base, tokenizer, observer), tokenizer);
    } catch (CancellationException stopped) {
      summary = RunSummary.nothing(output);
    }
    observer.on(new RunEvent.Ended(summary));
    return summary;
  }

  private RunSummary train(BaseModel base, Tokenizer tokenizer) throws IOException {
    Path cache = config.machine().cacheRoot();
    TunedModel tuned = TunedModel.of(config, base);
    Map<Integer, OptimizerRecipe> optimizers = Recipes.optimizers(config, tuned);
    OptimizerRecipe first = Objects.requireNonNull(optimizers.get(0));
    try (DataSets data =
            DataSets.open(
                config, tokenizer, base.model().vocabulary(), base.width(), cache, observer, stop);
        Client client = Devices.open(config.machine(), observer, stop)) {
      DataAudits.gate(config, data, base.model().vocabulary(), observer, stop);
      int steps =
          data.plan().totalSteps(config.schedule().numTrainEpochs(), config.schedule().maxSteps());
      observer.on(new RunEvent.Planned(Plans.of(asked, tuned, first, data, steps, client)));
      return train(tuned, optimizers, data, client, steps);
    }
  }

  private RunSummary train(
      TunedModel tuned,
      Map<Integer, OptimizerRecipe> optimizers,
      DataSets data,
      Client client,
      int totalSteps)
      throws IOException {
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
    MemoryNeed need = MemoryNeed.ofState(tuned, trainings.values());
    need.require(memory.bytes(client));
    ProgramCompiler compiler =
        new ProgramCompiler(
            client,
            CompileOptions.singleDevice(),
            Optional.of(ExecutableCache.under(config.machine().cacheRoot())));
    long start = System.nanoTime();
    try (Programs programs = Programs.compile(config, trainings, data, compiler, observer, stop)) {
      need = need.with(programs);
      double milliseconds = (System.nanoTime() - start) / 1e6;
      observer.on(
          new RunEvent.Compiled(
              compiler.programs(), compiler.fromCache(), milliseconds, need.total()));
      need.require(memory.bytes(client));
      Path output = config.output().directory();
      OutputDirectory.create(output, need.parameters());
      Manifests.write(asked, fetched, data, programs, client);
      try (MetricsLog file = MetricsLog.create(output.resolve("metrics.jsonl"))) {
        return train(tuned, data, client, totalSteps, programs, compiler, file);
      }
    }
  }

  private RunSummary train(
      TunedModel tuned,
      DataSets data,
      Client client,
      int totalSteps,
      Programs programs,
      ProgramCompiler compiler,
      MetricsLog file)
      throws IOException {
    Schedule schedule = Recipes.schedule(config.schedule(), totalSteps);
    double rate = config.schedule().highestRate();
    TrainedModel model = new TrainedModel(config, tuned, data.tokenizer(), data.template());
    Evaluations evaluations = new Evaluations(data, programs, client, observer, stop);
    Training training = programs.stages().first().training();
    TrainState start = tuned.initial(training, compiler, config.machine().seed());
    int compiled = compiler.programs();
    TrainingLoop loop =
        new TrainingLoop(
            client,
            programs.stages(),
            start,
            new StepLog(
                file,
                observer,
                totalSteps,
                logged(totalSteps),
                () -> compiler.programs() - compiled));
    try {
      try {
        loop.run(
            data.plan(),
            totalSteps,
            step ->
                new TrainState.Settings(
                    rate * schedule.factor(step),
                    step,
                    training.regularization(),
                    config.machine().seed()),
            Evaluations.steps(config.evaluation(), data, totalSteps),
            (_, state) -> evaluations.measure(state),
            stop);
      } catch (UncheckedIOException unwritten) {
        // A line of metrics that finds no room must not cost what was learned.
        try {
          save(model, loop.state());
        } catch (IOException e) {
          unwritten.addSuppressed(e);
        }
        throw unwritten;
      }
      double seconds = loop.log().seconds();
      if (!loop.log().diverged()) {
        save(model, loop.state());
        if (loop.done() == totalSteps) {
          evaluations.answer(loop.done(), loop.state());
        }
      }
      boolean whole = loop.done() == totalSteps && !evaluations.isCut();
      return new RunSummary(
          loop.log().diverged()
              ? RunSummary.Outcome.DIVERGED
              : whole ? RunSummary.Outcome.DONE : RunSummary.Outcome.INTERRUPTED,
          loop.done(),
          totalSteps,
          loop.log().skippedSteps(),
          loop.log().loss(),
          evaluations.loss(),
          evaluations.exactMatch(),
          seconds,
          loop.log().tokens(),
          compiler.programs() - compiled,
          config.output().directory());
    } finally {
      loop.state().close();
    }
  }

  private void save(TrainedModel model, TrainState state) throws IOException {
    Path target = config.output().directory().resolve("final");
    long bytes = model.write(target, HeldArray.onDevice(state.weights()));
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
