package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.generate.Question;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Every program that a run will execute, compiled before its first step.
 *
 * @param stages the optimizer step of each bucket, for each stretch of the run
 * @param evaluations the loss of each bucket of held-out data
 * @param answers greedy answers, where questions are asked
 */
record Programs(Stages stages, StepCache evaluations, Optional<GreedyAnswers> answers)
    implements AutoCloseable {

  static Programs compile(
      SftConfig config,
      NavigableMap<Integer, Training> trainings,
      DataSets data,
      ProgramCompiler compiler,
      RunObserver observer,
      AtomicBoolean stop) {
    Tuning tuning = trainings.firstEntry().getValue().tuning();
    List<Bucket> buckets = data.plan().buckets();
    List<Bucket> heldOut = data.heldOutPlan().map(plan -> plan.buckets()).orElse(List.of());
    CompileQueue queue =
        new CompileQueue(
            compiler, trainings.size() * buckets.size() + heldOut.size(), observer, stop);
    Optional<GreedyAnswers> answers =
        Optional.of(questions(config, data))
            .filter(questions -> !questions.isEmpty())
            .map(questions ->
                GreedyAnswers.of(
                    compiler.spread().devices(),
                    queue::compileWhole,
                    tuning,
                    questions,
                    config.evaluation().maxNewTokens()));
    answers.ifPresent(asked -> queue.expect(asked.missing()));
    try {
      NavigableMap<Integer, Stages.Stage> stages = new TreeMap<>();
      trainings.forEach((start, training) -> {
        Map<Bucket, DeviceProgram> steps = new LinkedHashMap<>();
        for (Bucket bucket : buckets) {
          steps.put(bucket, queue.compile(TrainProgram.of(training, bucket)));
        }
        stages.put(start, new Stages.Stage(training, new StepCache(steps)));
      });
      Map<Bucket, DeviceProgram> evaluations = new LinkedHashMap<>();
      for (Bucket bucket : heldOut) {
        evaluations.put(bucket, queue.compile(LogProbsProgram.of(tuning, bucket)));
      }
      answers.ifPresent(GreedyAnswers::prepare);
      return new Programs(new Stages(stages), new StepCache(evaluations), answers);
    } catch (RuntimeException e) {
      queue.abandon();
      throw e;
    }
  }

  private static List<Question> questions(SftConfig config, DataSets data) {
    int wanted = config.evaluation().generateSamples();
    List<Question> questions = new ArrayList<>();
    if (wanted > 0 && data.heldOut().isPresent()) {
      Mixture heldOut = data.heldOut().get();
      for (int i = 0; i < heldOut.size() && questions.size() < wanted; i++) {
        Question.of(heldOut.get(i)).ifPresent(questions::add);
      }
    }
    return questions;
  }

  /** The programs that only look at the weights. */
  Stream<DeviceProgram> inference() {
    return Stream.concat(
        evaluations.programs().values().stream(),
        answers.stream().flatMap(questions -> questions.programs().stream()));
  }

  @Override
  public void close() {
    answers.ifPresent(GreedyAnswers::close);
    evaluations.close();
    stages.close();
  }
}
