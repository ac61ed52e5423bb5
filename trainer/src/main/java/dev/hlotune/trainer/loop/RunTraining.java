package dev.hlotune.trainer.loop;

import dev.hlotune.configs.GenerateStrategy;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.Regularization;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A run from its first update to the model that it leaves: updates with pauses between them, then
 * the last checkpoint, the best model, {@code final/} and its answers.
 *
 * @param run what is asked for
 * @param model what is trained and written
 * @param data what it is trained on
 * @param totalSteps updates of the whole run
 * @param programs everything compiled
 * @param compiler which has compiled it
 * @param checkpoints where states go on the way
 */
record RunTraining(
    RunContext run,
    TrainedModel model,
    DataSets data,
    int totalSteps,
    Programs programs,
    ProgramCompiler compiler,
    Checkpoints checkpoints) {

  /**
   * Trains.
   *
   * @param file takes a line for each logged step
   * @param gauges what is measured beside the loss
   */
  RunSummary run(MetricsLog file, Gauges gauges) throws IOException {
    RunProgress before = run.progress();
    int compiled = compiler.programs();
    Evaluations evaluations =
        new Evaluations(
            data,
            programs,
            before.evalLoss(),
            run.samples(),
            config().evaluation().generateStrategy() == GenerateStrategy.EVAL,
            run.observer(),
            run.stop());
    StepLog log =
        new StepLog(
            file,
            run.observer(),
            totalSteps,
            logged(),
            () -> compiler.programs() - compiled,
            gauges,
            new Nonfinite(
                new NonfiniteBatch(run.output(), data),
                config().watch().maxNonfiniteSteps(),
                run.observer()),
            before.log());
    RunPauses pauses =
        new RunPauses(
            Evaluations.steps(config().evaluation(), data, totalSteps),
            evaluations,
            checkpoints,
            new BestSoFar(config().checkpoints(), before.best()),
            log,
            before.evaluatedStep());
    TrainState kept = start();
    TrainingLoop loop =
        new TrainingLoop(
            compiler.mesh().stateStorage(), programs.stages(), kept, before.step(), log);
    try {
      try {
        update(loop, pauses);
      } finally {
        kept = loop.state();
      }
      TrainResults results = log.results(loop.done());
      results.write(run.output());
      boolean enough = loop.done() == totalSteps || pauses.isEnough();
      if (!log.diverged()) {
        saveLast(loop, pauses, enough);
        if (enough) {
          kept = best(pauses, loop.done(), kept);
          save(checkpoints.held(loop.training(), kept).weights());
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
          run.output());
    } finally {
      kept.close();
    }
  }

  private SftConfig config() {
    return run.config();
  }

  private IntPredicate logged() {
    int every = Math.max(1, config().output().loggingSteps().steps(totalSteps));
    return step ->
        step % every == 0
            || step == totalSteps
            || (step == 1 && config().output().loggingFirstStep());
  }

  private TrainState start() throws IOException {
    Optional<CheckpointDirectory> before = run.resumed().map(Resumption::checkpoint);
    return before.isPresent()
        ? restored(before.get())
        : model
            .tuned()
            .initial(programs.stages().first().training(), compiler, config().machine().seed());
  }

  private TrainState restored(CheckpointDirectory checkpoint) throws IOException {
    Training training = programs.stages().of(Math.max(0, checkpoint.step() - 1)).training();
    return model.tuned().restored(training, compiler, config().machine().seed(), checkpoint.path());
  }

  /** Every update that is to be done; what was learned is saved where their log finds no room. */
  private void update(TrainingLoop loop, RunPauses pauses) throws IOException {
    try {
      loop.run(
          data.plan(),
          run.processes().share(compiler.mesh()),
          Math.min(run.until(), totalSteps),
          settings(),
          pauses,
          run.processes()::stops);
    } catch (UncheckedIOException unwritten) {
      // A line of metrics that finds no room must not cost what was learned.
      try {
        checkpoints.saveNow(loop.training(), loop.state(), pauses.progress(loop.done()), true);
      } catch (IOException e) {
        unwritten.addSuppressed(e);
      }
      throw unwritten;
    }
  }

  private IntFunction<TrainState.Settings> settings() {
    Schedule schedule = Recipes.schedule(config().schedule(), totalSteps);
    double rate = config().schedule().highestRate();
    Regularization regularization = programs.stages().first().training().regularization();
    return step ->
        new TrainState.Settings(
            rate * schedule.factor(step), step, regularization, config().machine().seed());
  }

  /** Where a run ends before its last update, or a checkpoint of that is asked for. */
  private void saveLast(TrainingLoop loop, RunPauses pauses, boolean enough) throws IOException {
    boolean asked = config().checkpoints().last() && config().checkpoints().saves();
    checkpoints.await();
    if (!checkpoints.has(loop.done()) && (asked || !enough)) {
      checkpoints.saveNow(loop.training(), loop.state(), pauses.progress(loop.done()), !enough);
    }
  }

  /** The state that the run leaves: its last, or that of its best evaluation. */
  private TrainState best(RunPauses pauses, int done, TrainState last) throws IOException {
    if (leavesLast(pauses, done)) {
      return last;
    }
    int step = pauses.best().step().orElseThrow();
    run.processes().meet("best");
    CheckpointDirectory best = CheckpointDirectory.at(run.asked().output().directory(), step);
    best.verify();
    last.close();
    TrainState state = restored(best);
    run.note("the best model is that of step " + step);
    return state;
  }

  private boolean leavesLast(RunPauses pauses, int done) {
    Optional<Integer> step = pauses.best().step();
    return !config().checkpoints().loadBest() || step.isEmpty() || step.get() == done;
  }

  private void save(List<HeldArray> weights) throws IOException {
    if (!run.processes().writes()) {
      return;
    }
    Path target = run.output().resolve("final");
    long bytes = model.write(target, weights);
    run.observer().on(new RunEvent.Saved(target, bytes));
  }
}
