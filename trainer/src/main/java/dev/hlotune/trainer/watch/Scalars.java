package dev.hlotune.trainer.watch;

import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunSummary;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of an event, under names as {@code transformers} gives them to a tracker.
 *
 * @param step after which update
 * @param values by the keys of metrics.jsonl and train_results.json; those of evaluation begin with
 *     {@code eval_}
 */
record Scalars(int step, Map<String, Double> values) {
  private static final String EVALUATION = "eval_";

  /** What stands for its own axis in every tracker. */
  private static final String STEP = "step";

  static Scalars of(RunEvent event) {
    return switch (event) {
      case RunEvent.Stepped stepped when stepped.logged() -> {
        Map<String, Double> values = numbers(stepped.metrics().line());
        // It comes with an event of its own.
        values.remove("eval_loss");
        values.remove(STEP);
        yield new Scalars(stepped.metrics().step(), values);
      }
      case RunEvent.Evaluated evaluated ->
          new Scalars(evaluated.step(), Map.of("eval_loss", evaluated.loss()));
      case RunEvent.Answered answered ->
          new Scalars(answered.step(), Map.of("eval_exact_match", answered.exactMatch().rate()));
      case RunEvent.Ended ended when ended.summary().steps() > 0 -> {
        RunSummary summary = ended.summary();
        Map<String, Double> values = numbers(summary.results().values());
        values.remove("epoch");
        values.remove("total_flos");
        yield new Scalars(summary.steps(), values);
      }
      default -> new Scalars(0, Map.of());
    };
  }

  private static Map<String, Double> numbers(Map<String, Object> line) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    line.forEach((key, value) -> {
      if (value instanceof Number number) {
        numbers.put(key, number.doubleValue());
      }
    });
    return numbers;
  }

  /** The same in groups, as TensorBoard and Weights &amp; Biases show them. */
  Map<String, Double> grouped() {
    Map<String, Double> grouped = new LinkedHashMap<>();
    values.forEach((key, value) -> grouped.put(group(key), value));
    return grouped;
  }

  private static String group(String key) {
    return key.startsWith(EVALUATION)
        ? "eval/" + key.substring(EVALUATION.length())
        : "train/" + key;
  }
}
