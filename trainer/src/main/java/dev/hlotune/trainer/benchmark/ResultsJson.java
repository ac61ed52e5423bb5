package dev.hlotune.trainer.benchmark;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes results as lm-evaluation-harness writes its {@code results.json}. */
public final class ResultsJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String UNKNOWN = "N/A";

  private ResultsJson() {}

  /**
   * The text of a {@code results.json}.
   *
   * @param date when it was measured
   * @param configuration what the model and the machine were, by keys; goes into {@code config}
   */
  public static byte[] of(BenchmarkResult result, Instant date, Map<String, Object> configuration) {
    Map<String, Object> results = new LinkedHashMap<>();
    Map<String, Object> groups = new LinkedHashMap<>();
    Map<String, Object> members = new LinkedHashMap<>();
    Map<String, Object> configs = new TreeMap<>();
    Map<String, Object> versions = new TreeMap<>();
    Map<String, Object> shots = new TreeMap<>();
    Map<String, Object> directions = new TreeMap<>();
    Map<String, Object> samples = new LinkedHashMap<>();
    for (TaskResult task : result.tasks()) {
      results.put(
          task.name(), figures(task.name(), task.alias(), task.questions().size(), task.figures()));
      configs.put(
          task.name(),
          Map.of("task", task.name(), "dataset", task.dataset(), "num_fewshot", task.shots()));
      versions.put(task.name(), version(task.version()));
      shots.put(task.name(), task.shots());
      directions.put(task.name(), higherIsBetter(task.figures()));
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("original", task.available());
      counts.put("effective", task.questions().size());
      samples.put(task.name(), counts);
    }
    for (GroupResult group : result.groups()) {
      members.put(group.name(), group.members());
      versions.put(group.name(), version(group.version()));
      if (!group.figures().isEmpty()) {
        Map<String, Object> figures =
            figures(group.name(), group.alias(), group.questions(), group.figures());
        results.put(group.name(), figures);
        groups.put(group.name(), figures);
        directions.put(group.name(), higherIsBetter(group.figures()));
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("results", results);
    if (!groups.isEmpty()) {
      all.put("groups", groups);
    }
    all.put("group_subtasks", members);
    all.put("configs", configs);
    all.put("versions", versions);
    all.put("n-shot", shots);
    all.put("higher_is_better", directions);
    all.put("n-samples", samples);
    all.put("config", config(result, configuration));
    all.put("date", date.toEpochMilli() / 1e3);
    all.put("model_name", result.model());
    all.put("max_length", result.maxLength());
    all.put("apply_chat_template", result.chat());
    all.put(
        "total_evaluation_time_seconds",
        Double.toString(result.work().scoring() + result.work().answering()));
    return text(all);
  }

  private static Map<String, Object> config(
      BenchmarkResult result, Map<String, Object> configuration) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model", "hlotune");
    config.put("model_args", "pretrained=" + result.model());
    config.putAll(configuration);
    config.put("limit", result.limit() == 0 ? null : result.limit());
    config.put("fewshot_seed", Shots.SEED);
    return config;
  }

  private static Map<String, Object> figures(
      String name, String alias, int questions, Map<String, TaskResult.Figure> figures) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", name);
    line.put("alias", alias);
    line.put("sample_len", questions);
    figures.forEach((measure, figure) -> {
      line.put(measure, figure.value());
      line.put(
          measure.replace(",", "_stderr,"),
          figure.error().isPresent() ? (Object) figure.error().getAsDouble() : UNKNOWN);
    });
    return line;
  }

  private static Map<String, Object> higherIsBetter(Map<String, TaskResult.Figure> figures) {
    Map<String, Object> directions = new LinkedHashMap<>();
    figures
        .keySet()
        .forEach(measure -> directions.put(measure.substring(0, measure.indexOf(',')), true));
    return directions;
  }

  /** A number where it is one. */
  private static Object version(String version) {
    return version.matches("\\d+")
        ? (Object) Integer.valueOf(version)
        : version.matches("\\d+\\.\\d+") ? (Object) Double.valueOf(version) : version;
  }

  /**
   * A line for each question of a task: what the model found of each choice, and what it counts.
   */
  public static byte[] samples(TaskResult task) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < task.questions().size(); i++) {
      TaskResult.Answered question = task.questions().get(i);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("doc_id", i);
      line.put("target", question.target());
      List<Object> answers = new ArrayList<>(question.likelihoods());
      if (!question.text().isEmpty()) {
        answers.add(question.text());
      }
      line.put("resps", answers);
      question.values().forEach(line::put);
      lines.append(compact(line)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String compact(Map<String, Object> value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(Map<String, Object> value) {
    try {
      return (JSON.writer(new DefaultPrettyPrinter()).writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
