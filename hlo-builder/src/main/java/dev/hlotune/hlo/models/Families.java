package dev.hlotune.hlo.models;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The model families, by {@code model_type}; a new one is one file and one line here. */
public final class Families {
  private static final Map<String, BiFunction<ModelConfig, Layout, CausalModel>> BY_TYPE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("gemma", Gemma::of),
              Map.entry("gemma2", Gemma2::of),
              Map.entry("gemma3_text", Gemma3::of),
              Map.entry("gpt2", Gpt2::of),
              Map.entry("llama", Llama::of),
              Map.entry("mistral", Mistral::of),
              Map.entry("nanochat", NanoChat::of),
              Map.entry("phi3", Phi3::of),
              Map.entry("qwen2", Qwen2::of),
              Map.entry("qwen3", Qwen3::of),
              Map.entry("smollm3", SmolLm3::of)));

  /** Architectures that one might take for a family here, and what they are instead. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("gemma3", "which reads images too; its text part alone is \"gemma3_text\""),
          Map.entry("gemma3n", "which is another architecture than \"gemma3_text\""),
          Map.entry("gptj", "which is another architecture than \"gpt2\""),
          Map.entry("gpt_neo", "which is another architecture than \"gpt2\""),
          Map.entry("gpt_neox", "which is another architecture than \"gpt2\""),
          Map.entry("llama4", "which reads images too, with a mixture of experts"),
          Map.entry("llama4_text", "a mixture of experts"),
          Map.entry("mistral3", "which reads images too"),
          Map.entry("mixtral", "a mixture of experts"),
          Map.entry("mllama", "which reads images too"),
          Map.entry("phi", "which is another architecture than \"phi3\""),
          Map.entry("phimoe", "a mixture of experts"),
          Map.entry("qwen2_5_vl", "which reads images too"),
          Map.entry("qwen2_moe", "a mixture of experts"),
          Map.entry("qwen2_vl", "which reads images too"),
          Map.entry("qwen3_moe", "a mixture of experts"),
          Map.entry("qwen3_next", "a mixture of experts"),
          Map.entry("qwen3_vl", "which reads images too"));

  private Families() {}

  /** Every {@code model_type} that there is a family for. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_TYPE.keySet());
  }

  /**
   * The model that a {@code config.json} describes.
   *
   * @throws dev.hlotune.hlo.ShapeException if its architecture or a variant in it is not supported
   */
  public static CausalModel of(ModelConfig json, Layout layout) {
    String other = OTHERS.get(json.text("model_type"));
    if (other != null) {
      throw json.wrong(
          "model_type",
          "one of " + BY_TYPE.keySet(),
          "\"" + json.text("model_type") + "\", " + other);
    }
    String type = json.choice("model_type", BY_TYPE.keySet());
    json.requireNone("quantization_config", "none, as weights have to be floats");
    json.requireValue("is_encoder_decoder", false);
    BiFunction<ModelConfig, Layout, CausalModel> family = BY_TYPE.get(type);
    if (family == null) {
      throw new IllegalStateException("a family that was just found is gone: " + type);
    }
    return family.apply(json, layout);
  }
}
