package dev.hlotune.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** What a run came to, in words that are read at a glance. */
final class Figures {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  private static final JsonMapper JSON = new JsonMapper();

  private Figures() {}

  /** By name, in the order in which they are shown. */
  static Map<String, String> of(RunRecord run) {
    Map<String, String> figures = new LinkedHashMap<>();
    Map<String, Object> results = run.results();
    put(figures, "updates", last(run, "step"), Figures::count);
    put(figures, "epochs", last(run, "epoch"), value -> String.format(Locale.ROOT, "%.2f", value));
    put(figures, "train loss, whole run", RunRecord.number(results, "train_loss"), Figures::figure);
    put(figures, "train loss, last line", last(run, "loss"), Figures::figure);
    put(figures, "held-out loss, last", last(run, "eval_loss"), Figures::figure);
    best(run, figures);
    exact(run, figures);
    put(figures, "time", RunRecord.number(results, "train_runtime"), Figures::duration);
    put(figures, "tokens", last(run, "num_tokens"), Figures::count);
    put(figures, "tokens a second", mean(run, "tokens_per_second"), Figures::count);
    put(
        figures,
        "examples a second",
        RunRecord.number(results, "train_samples_per_second"),
        value -> String.format(Locale.ROOT, "%,.1f", value));
    put(figures, "padding", mean(run, "padding_fraction"), Figures::percent);
    put(figures, "supervised tokens", mean(run, "supervised_fraction"), Figures::percent);
    put(figures, "waiting for data", waiting(run), Figures::percent);
    put(figures, "operations (total_flos)", last(run, "total_flos"), Figures::figure);
    put(figures, "model FLOPs utilization", mean(run, "mfu"), Figures::percent);
    put(figures, "device memory", most(run, "device_memory_bytes"), Figures::bytes);
    put(figures, "memory of the process", most(run, "host_memory_bytes"), Figures::bytes);
    put(
        figures,
        "updates left out, nothing supervised",
        last(run, "skipped_steps"),
        Figures::count);
    put(figures, "updates left out, float16", last(run, "overflowed_steps"), Figures::count);
    put(figures, "updates without a number", last(run, "nonfinite_steps"), Figures::count);
    put(figures, "rows without a supervised token", last(run, "masked_rows"), Figures::count);
    put(
        figures,
        "programs compiled after the first update",
        last(run, "recompiles"),
        Figures::count);
    return figures;
  }

  private static void put(
      Map<String, String> figures,
      String name,
      OptionalDouble value,
      DoubleFunction<String> words) {
    if (value.isPresent()) {
      figures.put(name, words.apply(value.getAsDouble()));
    }
  }

  private static OptionalDouble last(RunRecord run, String key) {
    return run.lines().reversed().stream()
        .map(line -> RunRecord.number(line, key))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  private static OptionalDouble mean(RunRecord run, String key) {
    return run.lines().stream()
        .flatMapToDouble(line -> RunRecord.number(line, key).stream())
        .average();
  }

  private static OptionalDouble most(RunRecord run, String key) {
    return run.lines().stream().flatMapToDouble(line -> RunRecord.number(line, key).stream()).max();
  }

  /** The share of the updates' time that the loop stood waiting for a batch. */
  private static OptionalDouble waiting(RunRecord run) {
    double waited = 0;
    double trained = 0;
    double before = 0;
    for (Map<String, Object> line : run.lines()) {
      double step = RunRecord.number(line, "step").orElse(before);
      waited += RunRecord.number(line, "data_wait_ms").orElse(0);
      trained += (step - before) * RunRecord.number(line, "step_time_ms").orElse(0);
      before = step;
    }
    return most(run, "data_wait_ms").isPresent() && trained > 0
        ? OptionalDouble.of(waited / trained)
        : OptionalDouble.empty();
  }

  private static void best(RunRecord run, Map<String, String> figures) {
    double best = Double.POSITIVE_INFINITY;
    double at = 0;
    for (Map<String, Object> line : run.lines()) {
      double value = RunRecord.number(line, "eval_loss").orElse(Double.POSITIVE_INFINITY);
      if (value < best) {
        best = value;
        at = RunRecord.number(line, "step").orElse(0);
      }
    }
    if (Double.isFinite(best)) {
      figures.put("held-out loss, best", "%s after update %s".formatted(figure(best), count(at)));
    }
  }

  private static void exact(RunRecord run, Map<String, String> figures) {
    if (!run.samples().isEmpty()) {
      List<RunRecord.Sample> last = lastSamples(run);
      long right = last.stream().filter(RunRecord.Sample::isRight).count();
      figures.put("answers exactly right", "%d of %d".formatted(right, last.size()));
    }
  }

  /** The answers of the last time that there were any. */
  static List<RunRecord.Sample> lastSamples(RunRecord run) {
    int step = run.samples().stream().mapToInt(RunRecord.Sample::step).max().orElse(0);
    return run.samples().stream().filter(sample -> sample.step() == step).toList();
  }

  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  static String figure(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT, size == 0 || (size >= 0.01 && size < 1e4) ? "%.4f" : "%.3e", value);
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  static String bytes(double bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
  }

  /** A value of a recipe or a manifest as it is written there. */
  static String plain(@Nullable Object value) {
    try {
      return value == null
          ? ""
          : value instanceof String text ? text : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON does not have: " + value, e);
    }
  }
}
