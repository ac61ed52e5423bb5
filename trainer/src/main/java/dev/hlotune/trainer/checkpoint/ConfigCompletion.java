package dev.hlotune.trainer.checkpoint;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The {@code config.json} of a trained model: the base's, with what training changed, and with what
 * a hand-written one may lack and {@code transformers} needs.
 */
final class ConfigCompletion {
  private static final Map<String, String> ARCHITECTURES =
      Map.ofEntries(
          entry("gpt2", "GPT2LMHeadModel"),
          entry("llama", "LlamaForCausalLM"),
          entry("mistral", "MistralForCausalLM"),
          entry("qwen2", "Qwen2ForCausalLM"),
          entry("qwen3", "Qwen3ForCausalLM"),
          entry("smollm3", "SmolLM3ForCausalLM"),
          entry("phi3", "Phi3ForCausalLM"),
          entry("gemma", "GemmaForCausalLM"),
          entry("gemma2", "Gemma2ForCausalLM"),
          entry("gemma3_text", "Gemma3ForCausalLM"),
          entry("nanochat", "NanoChatForCausalLM"));

  /**
   * The class of a model that nanochat's own keys describe; transformers has another of that type.
   */
  private static final String NANOCHAT = "GPT";

  private static final Map<StorageType, String> TORCH_NAMES =
      Map.of(
          StorageType.F16, "float16",
          StorageType.BF16, "bfloat16",
          StorageType.F32, "float32",
          StorageType.F64, "float64");

  private ConfigCompletion() {}

  static Map<String, Object> complete(
      Path path, Map<String, Object> base, ModelExport export, boolean fromScratch) {
    Map<String, Object> config = new LinkedHashMap<>(base);
    config.putAll(export.configChanges());
    if (!config.containsKey("architectures")) {
      Object type = config.get("model_type");
      boolean own = "nanochat".equals(type) && config.containsKey("n_embd");
      String architecture =
          own ? NANOCHAT : type instanceof String name ? ARCHITECTURES.get(name) : null;
      if (architecture == null) {
        throw Malformed.field(
            path,
            "model_type",
            "expected one of %s, got '%s'; add 'architectures' for another"
                .formatted(new TreeSet<>(ARCHITECTURES.keySet()), type));
      }
      config.put("architectures", List.of(architecture));
    }
    putDtype(config, export);
    export.specialTokens().putInto(config);
    if (fromScratch) {
      // The class defaults of transformers are ids of a vocabulary that this model may not have.
      for (String key : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
        config.putIfAbsent(key, null);
      }
    }
    return config;
  }

  /** Names the weights' type, under the keys that the config already uses for it. */
  private static void putDtype(Map<String, Object> config, ModelExport export) {
    Set<StorageType> types =
        export.tensors().stream()
            .map(WritableTensor::type)
            .filter(TORCH_NAMES::containsKey)
            .collect(Collectors.toSet());
    if (types.size() != 1) {
      return;
    }
    String name = TORCH_NAMES.get(types.iterator().next());
    if (name == null) {
      return;
    }
    boolean named = false;
    for (String key : List.of("dtype", "torch_dtype")) {
      if (config.containsKey(key)) {
        config.put(key, name);
        named = true;
      }
    }
    if (!named) {
      config.put("dtype", name);
    }
  }
}
