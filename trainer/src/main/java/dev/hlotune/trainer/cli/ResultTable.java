package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.benchmark.BenchmarkResult;
import dev.hlotune.trainer.benchmark.GroupResult;
import dev.hlotune.trainer.benchmark.TaskResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Results of tasks as a table: a line for each figure. */
final class ResultTable {
  private static final List<String> HEAD =
      List.of("task", "version", "shots", "questions", "measure", "value", "+/-");

  private ResultTable() {}

  /** The lines of the table. */
  static List<String> lines(BenchmarkResult result) {
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    Set<String> shown = new HashSet<>();
    for (GroupResult group : result.groups()) {
      if (shown.add(group.name())) {
        add(group, "", result, rows, shown);
      }
    }
    List<List<String>> tasks = new ArrayList<>();
    for (TaskResult task : result.tasks()) {
      if (shown.add(task.name())) {
        add(task, task.name(), tasks);
      }
    }
    rows.addAll(1, tasks);
    return aligned(rows);
  }

  private static void add(
      GroupResult group,
      String indent,
      BenchmarkResult result,
      List<List<String>> rows,
      Set<String> shown) {
    if (!group.figures().isEmpty()) {
      figures(
          indent + group.alias(),
          group.version(),
          "",
          Integer.toString(group.questions()),
          group.figures(),
          rows);
    }
    String below = group.figures().isEmpty() ? indent : indent + "- ";
    for (String member : group.members()) {
      result.groups().stream()
          .filter(other -> other.name().equals(member) && shown.add(member))
          .forEach(other -> add(other, below, result, rows, shown));
      result.tasks().stream()
          .filter(task -> task.name().equals(member) && shown.add(member))
          .forEach(task -> add(task, below + task.alias(), rows));
    }
  }

  private static void add(TaskResult task, String name, List<List<String>> rows) {
    String questions =
        task.questions().size() == task.available()
            ? Integer.toString(task.available())
            : task.questions().size() + " of " + task.available();
    figures(name, task.version(), Integer.toString(task.shots()), questions, task.figures(), rows);
  }

  private static void figures(
      String name,
      String version,
      String shots,
      String questions,
      Map<String, TaskResult.Figure> figures,
      List<List<String>> rows) {
    boolean first = true;
    for (Map.Entry<String, TaskResult.Figure> entry : figures.entrySet()) {
      String[] measure = entry.getKey().split(",", 2);
      TaskResult.Figure figure = entry.getValue();
      rows.add(
          List.of(
              first ? name : "",
              first ? version : "",
              first ? shots : "",
              first ? questions : "",
              measure[1].equals("none") ? measure[0] : measure[0] + ", " + measure[1],
              number(figure.value()),
              figure.error().isPresent() ? number(figure.error().getAsDouble()) : ""));
      first = false;
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Figures stand to the right, words to the left. */
  private static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String gap = " ".repeat(widths[i] - row.get(i).length());
        boolean left = i == 0 || i == 4;
        line.append(i == 0 ? "" : "  ").append(left ? row.get(i) + gap : gap + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** What was done, in one line. */
  static String summary(BenchmarkResult result) {
    BenchmarkResult.Work work = result.work();
    List<String> done = new ArrayList<>();
    if (work.requests() > 0) {
      done.add(
          String.format(
              Locale.ROOT,
              "scored %s texts, %s tokens by %s positions, in %.1f s",
              Amounts.count(work.requests()),
              Amounts.count(work.tokens()),
              Amounts.count(work.positions()),
              work.scoring()));
    }
    if (work.answers() > 0) {
      done.add(
          String.format(
              Locale.ROOT,
              "answered %s questions in %.1f s",
              Amounts.count(work.answers()),
              work.answering()));
    }
    return String.join("; ", done);
  }
}
