package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.generate.Question;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.EvaluationProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.TrainProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every program that a run will execute, compiled before its first step.
 *
 * @param steps the optimizer step of each bucket
 * @param evaluations the loss of each bucket of held-out data
 * @param answers greedy answers, where questions are asked
 */
record Programs(StepCache steps, StepCache evaluations, Optional<GreedyAnswers> answers)
    implements AutoCloseable {

  static Programs compile(
      SftConfig config,
      CausalModel model,
      Optimizer optimizer,
      DataSets data,
      ProgramCompiler compiler,
      RunObserver observer,
      AtomicBoolean stop) {
    DType compute = Recipes.compute(config.model());
    List<Bucket> buckets = data.plan().buckets();
    List<Bucket> heldOut = data.heldOutPlan().map(plan -> plan.buckets()).orElse(List.of());
    List<Question> questions = questions(config, data);
    int total = buckets.size() + heldOut.size() + (questions.isEmpty() ? 0 : 1);
    observer.on(new RunEvent.Progressed("compiling", 0, total));
    int microBatches = config.batch().gradientAccumulationSteps();
    Map<Bucket, DeviceProgram> steps =
        all(
            buckets,
            bucket ->
                compiler.compile(TrainProgram.of(model, optimizer, bucket, microBatches, compute)),
            0,
            total,
            observer,
            stop);
    Map<Bucket, DeviceProgram> evaluations =
        all(
            heldOut,
            bucket -> compiler.compile(EvaluationProgram.of(model, bucket, compute)),
            buckets.size(),
            total,
            observer,
            stop);
    Optional<GreedyAnswers> answers =
        questions.isEmpty()
            ? Optional.empty()
            : Optional.of(
                GreedyAnswers.prepare(
                    compiler, model, compute, questions, config.evaluation().maxNewTokens()));
    observer.on(new RunEvent.Progressed("compiling", total, total));
    return new Programs(new StepCache(steps), new StepCache(evaluations), answers);
  }

  private static Map<Bucket, DeviceProgram> all(
      List<Bucket> buckets,
      Function<Bucket, DeviceProgram> compile,
      int before,
      int total,
      RunObserver observer,
      AtomicBoolean stop) {
    Map<Bucket, DeviceProgram> programs = new LinkedHashMap<>();
    for (Bucket bucket : buckets) {
      if (stop.get()) {
        programs.values().forEach(DeviceProgram::close);
        throw new CancellationException("asked to stop");
      }
      programs.put(bucket, compile.apply(bucket));
      observer.on(new RunEvent.Progressed("compiling", before + programs.size(), total));
    }
    return programs;
  }

  private static List<Question> questions(SftConfig config, DataSets data) {
    int wanted = config.evaluation().generateSamples();
    List<Question> questions = new ArrayList<>();
    if (wanted > 0 && data.heldOut().isPresent()) {
      PreparedData heldOut = data.heldOut().get();
      for (int i = 0; i < heldOut.size() && questions.size() < wanted; i++) {
        Question.of(heldOut.get(i)).ifPresent(questions::add);
      }
    }
    return questions;
  }

  /** Device memory of the largest program, in bytes. */
  long peakBytes() {
    return Stream.concat(
            steps.programs().values().stream(), evaluations.programs().values().stream())
        .mapToLong(program -> program.memory().total())
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    answers.ifPresent(GreedyAnswers::close);
    evaluations.close();
    steps.close();
  }
}
