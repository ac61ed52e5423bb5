package dev.hlotune.trainer.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The curves of a page, as its script takes them. */
final class ReportData {
  /** Points of a curve; more lines than that are drawn as means of neighbours. */
  private static final int MOST_POINTS = 2_000;

  private static final MathContext DIGITS = new MathContext(6);
  private static final String TIME = "time";
  private static final String EXACT = "eval_exact_match";

  /** What the horizontal axis can be. */
  private static final Map<String, String> AXES = new LinkedHashMap<>();

  /** Keys that no curve of their own is wanted of. */
  private static final Set<String> OTHERWISE = new LinkedHashSet<>();

  static {
    AXES.put("step", "update");
    AXES.put("epoch", "epoch");
    AXES.put("num_tokens", "tokens");
    AXES.put(TIME, "seconds of training");
    OTHERWISE.addAll(AXES.keySet());
  }

  private ReportData() {}

  /**
   * A chart.
   *
   * @param unit of its values: empty, {@code bytes}, {@code percent} or {@code ms}
   * @param isWide whether it takes the width of the page
   * @param fromZero whether its axis begins at zero
   * @param canBeLog whether its axis may be logarithmic
   */
  private record Chart(
      String title,
      String unit,
      boolean isWide,
      boolean fromZero,
      boolean canBeLog,
      List<Curve> series) {}

  /**
   * A curve of each run.
   *
   * @param isNoisy whether it may be smoothed
   */
  private record Curve(String key, String label, boolean isNoisy) {}

  private static final List<Chart> CHARTS =
      List.of(
          new Chart(
              "Loss",
              "",
              true,
              false,
              true,
              List.of(
                  new Curve("loss", "training", true), new Curve("eval_loss", "held out", false))),
          new Chart(
              "Answers exactly right",
              "percent",
              false,
              true,
              false,
              List.of(new Curve(EXACT, "answers exactly right", false))),
          new Chart(
              "Learning rate",
              "",
              false,
              true,
              false,
              List.of(new Curve("learning_rate", "learning rate", false))),
          new Chart(
              "Gradient norm",
              "",
              false,
              true,
              true,
              List.of(new Curve("grad_norm", "gradient norm", true))),
          new Chart(
              "Tokens a second",
              "",
              false,
              true,
              false,
              List.of(new Curve("tokens_per_second", "tokens a second", true))),
          new Chart(
              "Padding and supervised tokens",
              "percent",
              false,
              true,
              false,
              List.of(
                  new Curve("padding_fraction", "padding of all positions", true),
                  new Curve("supervised_fraction", "supervised of real tokens", true))),
          new Chart(
              "Memory",
              "bytes",
              false,
              true,
              false,
              List.of(
                  new Curve("device_memory_bytes", "device", false),
                  new Curve("host_memory_bytes", "process", false))),
          new Chart(
              "Time of an update, and waiting for data",
              "ms",
              false,
              true,
              false,
              List.of(
                  new Curve("step_time_ms", "update", true),
                  new Curve("data_wait_ms", "waiting since the last line", true))),
          new Chart(
              "Model FLOPs utilization",
              "percent",
              false,
              true,
              false,
              List.of(new Curve("mfu", "mfu", true))));

  /** As JSON has it: {@code axes}, {@code charts}, {@code runs}. */
  static Map<String, Object> of(List<RunRecord> runs) {
    List<List<Map<String, Object>>> all = runs.stream().map(ReportData::lines).toList();
    Set<String> found = new LinkedHashSet<>();
    for (Map<String, Object> line : all.stream().flatMap(List::stream).toList()) {
      line.keySet().stream()
          .filter(key -> RunRecord.number(line, key).isPresent())
          .forEach(found::add);
    }
    List<Chart> charts = new ArrayList<>();
    Set<String> drawn = new LinkedHashSet<>(OTHERWISE);
    for (Chart chart : CHARTS) {
      List<Curve> there =
          chart.series().stream().filter(curve -> found.contains(curve.key())).toList();
      there.forEach(curve -> drawn.add(curve.key()));
      if (!there.isEmpty()) {
        charts.add(
            new Chart(
                chart.title(),
                chart.unit(),
                chart.isWide(),
                chart.fromZero(),
                chart.canBeLog(),
                there));
      }
    }
    for (String key : found) {
      if (key.startsWith("eval_") && drawn.add(key)) {
        charts.add(new Chart(key, "", false, false, false, List.of(new Curve(key, key, false))));
      }
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("axes", AXES);
    data.put("charts", charts.stream().map(ReportData::chart).toList());
    List<Map<String, Object>> drawnRuns = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      drawnRuns.add(run(runs.get(i), all.get(i), drawn));
    }
    data.put("runs", drawnRuns);
    return data;
  }

  /** Lines with what is drawn besides: time, and answers where they were given more than once. */
  private static List<Map<String, Object>> lines(RunRecord run) {
    List<Map<String, Object>> lines = timed(run.lines());
    Map<Integer, List<RunRecord.Sample>> answers =
        run.samples().stream().collect(Collectors.groupingBy(RunRecord.Sample::step));
    for (Map<String, Object> line : lines) {
      List<RunRecord.Sample> its =
          answers.getOrDefault((int) RunRecord.number(line, "step").orElse(0), List.of());
      if (answers.size() > 1 && !its.isEmpty()) {
        long right = its.stream().filter(RunRecord.Sample::isRight).count();
        line.put(EXACT, (double) right / its.size());
      }
    }
    return lines;
  }

  private static Map<String, Object> chart(Chart chart) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("title", chart.title());
    values.put("unit", chart.unit());
    values.put("wide", chart.isWide());
    values.put("zero", chart.fromZero());
    values.put("log", chart.canBeLog());
    values.put(
        "series",
        chart.series().stream()
            .map(curve ->
                Map.of("key", curve.key(), "label", curve.label(), "smooth", curve.isNoisy()))
            .toList());
    return values;
  }

  private static Map<String, Object> run(
      RunRecord run, List<Map<String, Object>> lines, Set<String> drawn) {
    int each = Math.max(1, (lines.size() + MOST_POINTS - 1) / MOST_POINTS);
    Map<String, Object> x = new LinkedHashMap<>();
    Map<String, Object> series = new LinkedHashMap<>();
    for (String key : drawn) {
      if (AXES.containsKey(key)) {
        x.put(key, points(lines, key, each, true));
      } else {
        List<@Nullable Object> points = points(lines, key, each, false);
        if (points.stream().anyMatch(point -> point != null)) {
          series.put(key, points);
        }
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", run.name());
    values.put("x", x);
    values.put("series", series);
    values.put("resumed", each == 1 ? run.resumed() : List.of());
    return values;
  }

  /** With the seconds that the updates took together, evaluation and saving not counted. */
  private static List<Map<String, Object>> timed(List<Map<String, Object>> lines) {
    List<Map<String, Object>> timed = new ArrayList<>();
    double seconds = 0;
    double before = 0;
    for (Map<String, Object> line : lines) {
      double step = RunRecord.number(line, "step").orElse(before);
      seconds += (step - before) * RunRecord.number(line, "step_time_ms").orElse(0) / 1e3;
      before = step;
      Map<String, Object> with = new LinkedHashMap<>(line);
      with.put(TIME, seconds);
      timed.add(with);
    }
    return timed;
  }

  /**
   * Values of a key.
   *
   * @param each how many lines are one point
   * @param last whether a point is the last of its lines; else their mean
   */
  private static List<@Nullable Object> points(
      List<Map<String, Object>> lines, String key, int each, boolean last) {
    List<@Nullable Object> points = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += each) {
      double sum = 0;
      int count = 0;
      for (Map<String, Object> line : lines.subList(from, Math.min(lines.size(), from + each))) {
        OptionalDouble value = RunRecord.number(line, key);
        if (value.isPresent()) {
          sum = last ? value.getAsDouble() : sum + value.getAsDouble();
          count = last ? 1 : count + 1;
        }
      }
      points.add(count == 0 ? null : rounded(sum / count));
    }
    return points;
  }

  /** Six digits are more than a screen shows; counts of tokens keep all of theirs. */
  private static Object rounded(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? (Object) (long) value
        : new BigDecimal(value).round(DIGITS).stripTrailingZeros();
  }
}
