package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.RegularizationConfig;
import java.util.Map;

/**
 * Dropout as a model's {@code config.json} asks for it; transformers drops as much in training.
 *
 * @param attention {@code attn_pdrop} or {@code attention_dropout}
 * @param residual {@code resid_pdrop}
 * @param embedding {@code embd_pdrop}
 */
record ModelDropout(double attention, double residual, double embedding) {
  /** What GPT-2 drops where its configuration does not say (transformers' {@code GPT2Config}). */
  private static final double GPT2 = 0.1;

  static ModelDropout of(Map<String, Object> json) {
    boolean gpt2 = "gpt2".equals(json.get("model_type"));
    boolean phi3 = "phi3".equals(json.get("model_type"));
    return new ModelDropout(
        gpt2 ? rate(json, "attn_pdrop", GPT2) : rate(json, "attention_dropout", 0),
        gpt2 ? rate(json, "resid_pdrop", GPT2) : phi3 ? rate(json, "resid_pdrop", 0) : 0,
        gpt2 ? rate(json, "embd_pdrop", GPT2) : 0);
  }

  /** Refuses what the model has no place for. */
  static void check(RegularizationConfig config, Map<String, Object> json) {
    Object type = json.get("model_type");
    if (config.embeddingDropout().orElse(0.0) > 0 && !"gpt2".equals(type)) {
      throw ConfigException.of(
          "'embd_pdrop': expected 0 for a model of type '%s', which drops no embeddings, got %s"
              .formatted(type, config.embeddingDropout().get()));
    }
    if (config.residualDropout().orElse(0.0) > 0 && !"gpt2".equals(type) && !"phi3".equals(type)) {
      throw ConfigException.of(
          "'resid_pdrop': expected 0 for a model of type '%s', which drops nothing of the residual, got %s"
              .formatted(type, config.residualDropout().get()));
    }
  }

  private static double rate(Map<String, Object> json, String key, double preset) {
    return json.get(key) instanceof Number rate ? rate.doubleValue() : preset;
  }
}
