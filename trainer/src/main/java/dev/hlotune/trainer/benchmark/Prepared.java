package dev.hlotune.trainer.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A task that is ready to be asked.
 *
 * @param task the task
 * @param shots examples before each question
 * @param available questions that there are
 * @param source where they came from
 * @param questions what is asked of them
 */
record Prepared(Task task, int shots, int available, String source, List<Asked> questions) {
  /**
   * A question as requests.
   *
   * @param requests one for each choice
   * @param count makes what it counts of the log-likelihoods
   */
  record Asked(List<Request> requests, Function<double[], TaskResult.Answered> count) {}

  Prepared {
    questions = List.copyOf(questions);
  }

  /** What it came to, with the log-likelihoods of all its requests from {@code from} on. */
  TaskResult result(double[] likelihoods, int from) {
    List<TaskResult.Answered> answered = new ArrayList<>();
    int at = from;
    for (Asked question : questions) {
      int end = at + question.requests().size();
      answered.add(question.count().apply(Arrays.copyOfRange(likelihoods, at, end)));
      at = end;
    }
    return new TaskResult(
        task.name(), task.alias(), task.version(), shots, available, answered, source);
  }

  /** How many requests it makes. */
  int requests() {
    return questions.stream().mapToInt(question -> question.requests().size()).sum();
  }
}
