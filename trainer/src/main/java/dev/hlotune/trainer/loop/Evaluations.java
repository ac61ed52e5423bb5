package dev.hlotune.trainer.loop;

import dev.hlotune.configs.EvaluationConfig;
import dev.hlotune.configs.EvaluationStrategy;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.eval.TokenBytes;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.step.TrainState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;

/** What is measured on held-out data on the way, and the last result of each kind. */
final class Evaluations {
  private final DataSets data;
  private final Programs programs;
  private final Path samples;
  private final boolean answersAlong;
  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final int[] tokenBytes;
  private Optional<Double> loss;
  private Optional<RunSummary.ExactMatch> exactMatch = Optional.empty();
  private boolean cut;
  private int answeredStep;

  /**
   * Nothing measured yet.
   *
   * @param before the last loss before the run was interrupted
   * @param samples the file that answers are added to
   * @param answersAlong whether questions are answered at every evaluation too
   */
  Evaluations(
      DataSets data,
      Programs programs,
      Optional<Double> before,
      Path samples,
      boolean answersAlong,
      RunObserver observer,
      AtomicBoolean stop) {
    this.data = data;
    this.programs = programs;
    this.loss = before;
    this.samples = samples;
    this.answersAlong = answersAlong;
    this.observer = observer;
    this.stop = stop;
    this.tokenBytes = TokenBytes.of(data.tokenizer(), data.vocabulary());
  }

  /** After which steps the held-out loss is measured. */
  static IntPredicate steps(EvaluationConfig evaluation, DataSets data, int totalSteps) {
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

  /** Measures the held-out loss; empty where a request to stop came first. */
  Optional<HeldOutLoss> measure(int step, TrainState state) {
    Optional<HeldOutLoss> measured =
        HeldOutLoss.measure(
            programs.evaluations(),
            state.weights(),
            data.heldOutPlan().orElseThrow(),
            tokenBytes,
            data.heldOutSets(),
            stop);
    measured.ifPresentOrElse(held -> loss = Optional.of(held.loss()), () -> cut = true);
    if (answersAlong && measured.isPresent()) {
      answer(step, state);
    }
    return measured;
  }

  /** Lets the model answer the questions, where there are any. */
  void answer(int step, TrainState state) {
    if (programs.answers().isEmpty()) {
      return;
    }
    Optional<List<GreedyAnswers.Answer>> answers =
        programs.answers().get().answer(state.weights(), stop);
    if (answers.isEmpty()) {
      cut = true;
      return;
    }
    long right = answers.get().stream().filter(GreedyAnswers.Answer::isRight).count();
    RunSummary.ExactMatch match =
        new RunSummary.ExactMatch(Math.toIntExact(right), answers.get().size());
    exactMatch = Optional.of(match);
    answeredStep = step;
    observer.on(new RunEvent.Answered(step, match));
    tell(step, answers.get());
  }

  private void tell(int step, List<GreedyAnswers.Answer> answers) {
    Tokenizer tokenizer = data.tokenizer();
    List<RunEvent.Sample> told =
        answers.stream()
            .map(answer ->
                new RunEvent.Sample(
                    tokenizer.decode(answer.question().prompt(), false),
                    tokenizer.decode(answer.ids(), false),
                    tokenizer.decode(answer.question().answer(), false),
                    answer.isRight()))
            .toList();
    try {
      SampleLog.append(samples, step, told);
    } catch (IOException e) {
      observer.on(new RunEvent.Noted("samples: could not be written: " + e.getMessage()));
    }
    observer.on(new RunEvent.Sampled(step, told));
  }

  /** After which update questions were last answered; 0 before the first time. */
  int answeredStep() {
    return answeredStep;
  }

  /** Whether a request to stop left something unmeasured. */
  boolean isCut() {
    return cut;
  }

  Optional<Double> loss() {
    return loss;
  }

  Optional<RunSummary.ExactMatch> exactMatch() {
    return exactMatch;
  }
}
