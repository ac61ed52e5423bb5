package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.benchmark.TaskResult.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the results of groups of those of their tasks. */
final class Grouping {
  private static final String ACCURACY = "acc,none";

  private final Map<String, TaskResult> results;
  private final Map<String, Task> tasks;
  private final Map<String, TaskGroup> groups;

  Grouping(List<Task> tasks, List<TaskGroup> groups, List<TaskResult> results) {
    this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
    this.groups = groups.stream().collect(Collectors.toMap(TaskGroup::name, Function.identity()));
    this.results =
        results.stream().collect(Collectors.toMap(TaskResult::name, Function.identity()));
  }

  /** The result of a group. */
  GroupResult of(TaskGroup group) {
    List<TaskResult> members = leaves(group);
    int questions = members.stream().mapToInt(result -> result.questions().size()).sum();
    return new GroupResult(
        group.name(),
        group.alias(),
        group.version(),
        group.members(),
        switch (group.mean()) {
          case BY_SIZE -> bySize(members, questions);
          case ABOVE_GUESSING -> aboveGuessing(members);
          case NONE -> Map.of();
        },
        questions);
  }

  private List<TaskResult> leaves(TaskGroup group) {
    List<TaskResult> leaves = new ArrayList<>();
    for (String member : group.members()) {
      TaskGroup below = groups.get(member);
      if (below == null) {
        leaves.add(Objects.requireNonNull(results.get(member), member));
      } else {
        leaves.addAll(leaves(below));
      }
    }
    return leaves;
  }

  /** The mean over all questions, and the error of the pooled variance. */
  private static Map<String, Figure> bySize(List<TaskResult> members, int questions) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (String measure : members.getFirst().figures().keySet()) {
      double sum = 0;
      double squares = 0;
      boolean known = questions > members.size();
      for (TaskResult member : members) {
        Figure figure = Objects.requireNonNull(member.figures().get(measure), measure);
        double size = member.questions().size();
        sum += figure.value() * size;
        known &= figure.error().isPresent();
        double error = figure.error().orElse(0);
        squares += (size - 1) * error * error * size;
      }
      figures.put(
          measure,
          new Figure(
              sum / questions,
              known
                  ? OptionalDouble.of(Math.sqrt(squares / (questions - members.size()) / questions))
                  : OptionalDouble.empty()));
    }
    return figures;
  }

  /** nanochat's ChatCORE: 0 is guessing, 1 is all right. */
  private Map<String, Figure> aboveGuessing(List<TaskResult> members) {
    double sum = 0;
    for (TaskResult member : members) {
      double baseline =
          switch (Objects.requireNonNull(tasks.get(member.name()), member.name())) {
            case Task.Letter(_, _, _, double guessing) -> guessing;
            case Task.Answer _ -> 0;
            case Task.Choice _ ->
                throw new IllegalStateException(member.name() + ": not known what guessing gives");
          };
      double accuracy =
          Objects.requireNonNull(member.figures().get(ACCURACY), member.name()).value();
      sum += (accuracy - baseline) / (1 - baseline);
    }
    return Map.of("centered_mean,none", new Figure(sum / members.size(), OptionalDouble.empty()));
  }
}
