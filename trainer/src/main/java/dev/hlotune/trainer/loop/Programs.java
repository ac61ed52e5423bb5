package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StepCache;
import java.util.LinkedHashMap;
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
      RecipePrograms wanted, ProgramCompiler compiler, RunObserver observer, AtomicBoolean stop) {
    CompileQueue queue = new CompileQueue(compiler, wanted.all().size(), observer, stop);
    Optional<GreedyAnswers> answers =
        wanted.questions().isEmpty()
            ? Optional.empty()
            : Optional.of(
                GreedyAnswers.of(
                    compiler.mesh().devices(),
                    queue::compileWhole,
                    wanted.tuning(),
                    wanted.questions(),
                    wanted.maxNewTokens()));
    try {
      NavigableMap<Integer, Stages.Stage> stages = new TreeMap<>();
      wanted
          .trainings()
          .forEach((start, training) -> {
            Map<Bucket, DeviceProgram> steps = new LinkedHashMap<>();
            for (Bucket bucket : wanted.buckets()) {
              steps.put(bucket, queue.compile(RecipePrograms.step(training, bucket)));
            }
            stages.put(start, new Stages.Stage(training, new StepCache(steps)));
          });
      Map<Bucket, DeviceProgram> evaluations = new LinkedHashMap<>();
      for (Bucket bucket : wanted.heldOut()) {
        evaluations.put(bucket, queue.compile(wanted.evaluation(bucket)));
      }
      answers.ifPresent(GreedyAnswers::prepare);
      return new Programs(new Stages(stages), new StepCache(evaluations), answers);
    } catch (RuntimeException e) {
      queue.abandon();
      throw e;
    }
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
