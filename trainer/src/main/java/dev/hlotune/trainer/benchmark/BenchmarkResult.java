package dev.hlotune.trainer.benchmark;

import java.util.List;

/**
 * What a model was measured at.
 *
 * @param tasks each task, in the order in which they were named
 * @param groups the groups that were named and those below them
 * @param model as it was named
 * @param maxLength the longest text that the model saw, in tokens
 * @param chat whether questions went through the chat template
 * @param limit the most questions of a task; 0 is all
 * @param work what it took
 */
public record BenchmarkResult(
    List<TaskResult> tasks,
    List<GroupResult> groups,
    String model,
    int maxLength,
    boolean chat,
    int limit,
    Work work) {
  /**
   * What measuring took.
   *
   * @param requests texts that were scored
   * @param tokens in them, as if each had been computed alone
   * @param positions that went through the model, padding included
   * @param scoring seconds that it took
   * @param answers questions that were answered in words
   * @param answering seconds that it took
   */
  public record Work(
      int requests, long tokens, long positions, double scoring, int answers, double answering) {}

  /** Copies the lists. */
  public BenchmarkResult {
    tasks = List.copyOf(tasks);
    groups = List.copyOf(groups);
  }
}
