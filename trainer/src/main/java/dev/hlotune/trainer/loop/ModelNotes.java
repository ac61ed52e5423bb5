package dev.hlotune.trainer.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a model's {@code config.json} asks for that training does not do. */
final class ModelNotes {
  /** What transformers takes where a GPT-2 configuration does not say. */
  private static final Map<String, Object> GPT2 =
      Map.of("attn_pdrop", 0.1, "embd_pdrop", 0.1, "resid_pdrop", 0.1);

  private ModelNotes() {}

  /** A line on dropout, where the configuration has any. */
  static Optional<String> dropout(Map<String, Object> config) {
    Map<String, Object> keys = new LinkedHashMap<>();
    if ("gpt2".equals(config.get("model_type"))) {
      keys.putAll(GPT2);
    }
    keys.putAll(config);
    String found =
        keys.entrySet().stream()
            .filter(entry -> isDropout(entry.getKey()))
            .filter(entry -> entry.getValue() instanceof Number rate && rate.doubleValue() > 0)
            .map(entry -> "'" + entry.getKey() + "' " + entry.getValue())
            .sorted()
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "config.json: dropout is not applied, there is none in training yet (" + found + ")");
  }

  /** The keys that begin with {@code summary_} belong to classification heads. */
  private static boolean isDropout(String key) {
    return (key.endsWith("pdrop") || key.contains("dropout")) && !key.startsWith("summary_");
  }
}
