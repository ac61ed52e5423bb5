package dev.hlotune.trainer.benchmark;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.GenerationEngine;
import dev.hlotune.trainer.generate.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A task that is ready to be answered in words.
 *
 * @param task the task
 * @param shots examples before each question
 * @param available questions that there are
 * @param source where they came from
 * @param settings how answers are made
 * @param questions what is asked of them
 */
record PreparedAnswers(
    Task.Answer task,
    int shots,
    int available,
    String source,
    GenerationSettings settings,
    List<Asked> questions) {
  /**
   * A question as tokens. The array is not copied.
   *
   * @param prompt what the model goes on from
   * @param count makes what it counts of the tokens of the answer
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on as it is.
  record Asked(int[] prompt, Function<int[], TaskResult.Answered> count) {}

  PreparedAnswers {
    questions = List.copyOf(questions);
  }

  /** How long the prompts are. */
  List<Integer> lengths() {
    return questions.stream().map(question -> question.prompt().length).toList();
  }

  /** Has a model answer all of it. */
  TaskResult result(GenerationEngine engine, List<ShardedBuffer> weights) {
    List<Generated> answers =
        engine.generate(
            weights,
            questions.stream().map(Asked::prompt).toList(),
            settings,
            Optional.empty(),
            new AtomicBoolean());
    List<TaskResult.Answered> answered = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      answered.add(questions.get(i).count().apply(answers.get(i).answer()));
    }
    return new TaskResult(
        task.name(), task.alias(), task.version(), shots, available, answered, source);
  }
}
