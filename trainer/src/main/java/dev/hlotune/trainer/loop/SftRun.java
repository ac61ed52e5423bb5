package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.EvaluationConfig;
import dev.hlotune.configs.EvaluationStrategy;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.step.CompilerSettings;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A supervised fine-tuning run from its recipe to the model directory it leaves. Data is tokenized
 * and planned, then everything is compiled, then the weights are put on the device, then it trains.
 */
public final class SftRun {
  private final SftConfig config;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private SftRun(SftConfig config, RunObserver observer, AtomicBoolean stop) {
    this.config = config;
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Runs it. Leaves {@code metrics.jsonl}, {@code run.json} and {@code final/} in the output
   * directory, also when it is stopped on the way.
   *
   * @param observer hears how it goes
   * @param stop set by another thread to end the run after the step it is in
   * @throws IOException if a file cannot be read or written
   */
  public static RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    return new SftRun(config, observer, stop).run();
  }

  private RunSummary run() throws IOException {
    Path output = config.output().directory();
    OutputDirectory.claim(output, config.output().overwrite());
    CausalModel model = model();
    Path cache = CacheDirectory.of(config.machine());
    try (DataSets data = DataSets.open(config, model, width(model), cache, observer, stop);
        Client client = Devices.open(config.machine(), observer)) {
      int steps =
          data.plan().totalSteps(config.schedule().numTrainEpochs(), config.schedule().maxSteps());
      observer.on(new RunEvent.Planned(Plans.of(config, model, data, steps, client)));
      return train(model, data, client, steps);
    } catch (CancellationException stopped) {
      RunSummary summary =
          new RunSummary(true, 0, 0, 0, Optional.empty(), Optional.empty(), 0, 0, 0, output);
      observer.on(new RunEvent.Ended(summary));
      return summary;
    }
  }

  private RunSummary train(CausalModel model, DataSets data, Client client, int totalSteps)
      throws IOException {
    Optimizer optimizer = Recipes.optimizer(config.optimizer());
    ProgramCompiler compiler =
        new ProgramCompiler(
            client,
            CompilerSettings.singleDevice(client),
            Optional.of(CacheDirectory.executables(config.machine())));
    long start = System.nanoTime();
    try (Programs programs =
        Programs.compile(config, model, optimizer, data, compiler, observer, stop)) {
      long peak = programs.peakBytes();
      double milliseconds = (System.nanoTime() - start) / 1e6;
      observer.on(
          new RunEvent.Compiled(compiler.programs(), compiler.fromCache(), milliseconds, peak));
      Devices.requireMemory(client, peak);
      Manifests.write(config, data, programs, client);
      try (MetricsLog file =
          MetricsLog.create(config.output().directory().resolve("metrics.jsonl"))) {
        return train(model, optimizer, data, client, totalSteps, programs, compiler, file);
      }
    }
  }

  private RunSummary train(
      CausalModel model,
      Optimizer optimizer,
      DataSets data,
      Client client,
      int totalSteps,
      Programs programs,
      ProgramCompiler compiler,
      MetricsLog file)
      throws IOException {
    int compiled = compiler.programs();
    StepLog log =
        new StepLog(
            file, observer, totalSteps, logged(totalSteps), () -> compiler.programs() - compiled);
    Schedule schedule = Recipes.schedule(config.schedule(), totalSteps);
    double rate = config.schedule().learningRate();
    Evaluations evaluations = new Evaluations(data, programs, client);
    TrainingLoop loop =
        new TrainingLoop(client, programs.steps(), initial(model, optimizer, client), log);
    try {
      loop.run(
          data.plan(),
          totalSteps,
          step -> rate * schedule.factor(step),
          evaluated(data, totalSteps),
          evaluations::measure,
          stop);
      boolean interrupted = loop.done() < totalSteps;
      if (!interrupted) {
        evaluations.answer(loop.done(), loop.state());
      }
      FinalModel.write(config, model, data.tokenizer(), loop.state(), observer);
      RunSummary summary =
          new RunSummary(
              interrupted,
              loop.done(),
              totalSteps,
              log.loss(),
              Optional.ofNullable(evaluations.loss),
              Optional.ofNullable(evaluations.exactMatch),
              log.seconds(),
              log.tokens(),
              compiler.programs() - compiled,
              config.output().directory());
      observer.on(new RunEvent.Ended(summary));
      return summary;
    } finally {
      loop.state().close();
    }
  }

  private CausalModel model() throws IOException {
    ModelConfig json = new ModelConfig(ModelDirectory.readConfig(config.model().model()));
    try {
      CausalModel model = Families.of(json, Recipes.layout(config.model()));
      if (config.data().maxLength() > model.maxPositions()) {
        throw ConfigException.of(
            "'max_length': expected at most the model's "
                + model.maxPositions()
                + " positions, got "
                + config.data().maxLength());
      }
      return model;
    } catch (ShapeException e) {
      throw ConfigException.of(config.model().model() + ": " + e.getMessage());
    }
  }

  private static int width(CausalModel model) {
    Shape embedding = model.parameters().values().getFirst().shape();
    return embedding.axis("embed").size();
  }

  private TrainState initial(CausalModel model, Optimizer optimizer, Client client)
      throws IOException {
    Path directory = config.model().model();
    boolean hasWeights =
        Files.isDirectory(directory)
            && (Files.exists(directory.resolve("model.safetensors"))
                || Files.exists(directory.resolve("model.safetensors.index.json")));
    if (hasWeights) {
      try (ModelWeights files = ModelWeights.open(directory)) {
        return new TrainState(
            Weights.load(client, model.parameters(), files),
            Weights.zeros(client, TrainProgram.state(model, optimizer)));
      }
    }
    return new TrainState(
        Weights.random(client, model.parameters(), config.machine().seed()),
        Weights.zeros(client, TrainProgram.state(model, optimizer)));
  }

  private IntPredicate logged(int totalSteps) {
    int every = Math.max(1, config.output().loggingSteps().steps(totalSteps));
    return step ->
        step % every == 0
            || step == totalSteps
            || (step == 1 && config.output().loggingFirstStep());
  }

  private IntPredicate evaluated(DataSets data, int totalSteps) {
    EvaluationConfig evaluation = config.evaluation();
    if (data.heldOut().isEmpty() || evaluation.strategy() == EvaluationStrategy.NO) {
      return _ -> false;
    }
    int every =
        Math.max(
            1,
            evaluation.strategy() == EvaluationStrategy.EPOCH
                ? data.plan().stepsPerEpoch()
                : evaluation.evalSteps().steps(totalSteps));
    return step -> step % every == 0 || step == totalSteps;
  }

  /** What is measured on held-out data on the way. */
  private final class Evaluations {
    private final DataSets data;
    private final Programs programs;
    private final Client client;
    private @Nullable Double loss;
    private RunSummary.@Nullable ExactMatch exactMatch;

    Evaluations(DataSets data, Programs programs, Client client) {
      this.data = data;
      this.programs = programs;
      this.client = client;
    }

    @Nullable Double measure(int step, TrainState state) {
      HeldOutLoss measured =
          HeldOutLoss.measure(
              client,
              programs.evaluations(),
              state.weights(),
              data.heldOutPlan().orElseThrow(),
              stop);
      loss = measured.loss();
      observer.on(new RunEvent.Evaluated(step, measured.loss(), measured.supervised()));
      return loss;
    }

    void answer(int step, TrainState state) {
      if (programs.answers().isEmpty()) {
        return;
      }
      List<GreedyAnswers.Answer> answers = programs.answers().get().answer(state.weights(), stop);
      if (!answers.isEmpty()) {
        long right = answers.stream().filter(GreedyAnswers.Answer::isRight).count();
        exactMatch = new RunSummary.ExactMatch(Math.toIntExact(right), answers.size());
        observer.on(new RunEvent.Answered(step, exactMatch));
      }
    }
  }
}
