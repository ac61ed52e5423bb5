package dev.hlotune.trainer.adapter;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What PEFT's {@code LoraConfig} says, as far as it is understood here.
 *
 * @param base {@code base_model_name_or_path}
 * @param revision of the base on the hub
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}
 * @param dropout {@code lora_dropout}, of what an adapter sees
 * @param targets {@code target_modules}
 * @param modulesToSave modules that are trained whole; a copy of them belongs to the adapter
 * @param rsLora {@code use_rslora}: whether the scale is α/√r and not α/r
 * @param dora {@code use_dora}: whether magnitudes are trained apart
 * @param bias which biases are trained
 */
public record AdapterConfig(
    Optional<String> base,
    Optional<String> revision,
    int rank,
    double alpha,
    double dropout,
    TargetModules targets,
    List<String> modulesToSave,
    boolean rsLora,
    boolean dora,
    AdapterBias bias) {
  /** Keys that change what an adapter computes, and the values that leave it as it is here. */
  private static final Map<String, Set<Object>> UNDERSTOOD =
      Map.ofEntries(
          Map.entry("rank_pattern", Set.of(Map.of())),
          Map.entry("alpha_pattern", Set.of(Map.of())),
          Map.entry("layers_to_transform", Set.of()),
          Map.entry("layers_pattern", Set.of()),
          Map.entry("layer_replication", Set.of()),
          Map.entry("exclude_modules", Set.of()),
          Map.entry("trainable_token_indices", Set.of()),
          Map.entry("target_parameters", Set.of()),
          Map.entry("megatron_config", Set.of()),
          Map.entry("alora_invocation_tokens", Set.of()),
          Map.entry("arrow_config", Set.of()),
          Map.entry("use_bdlora", Set.of(false)),
          Map.entry("use_qalora", Set.of(false)),
          Map.entry("lora_bias", Set.of(false)));

  /** Checks the numbers. */
  public AdapterConfig {
    modulesToSave = List.copyOf(modulesToSave);
    if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1)) {
      throw new DataException(
          "adapter: expected r of at least 1, lora_alpha above 0 and lora_dropout from 0 to below"
              + " 1, got %d, %s and %s".formatted(rank, alpha, dropout));
    }
  }

  /** What the product of an adapter is multiplied with. */
  public double scale() {
    return alpha / (rsLora ? Math.sqrt(rank) : rank);
  }

  /**
   * Reads the values of an {@code adapter_config.json}.
   *
   * @throws DataException if it is no LoRA, or one that computes something else than is done here
   */
  public static AdapterConfig of(Map<String, Object> json) {
    if (!"LORA".equals(json.get("peft_type"))) {
      throw new DataException(
          "peft_type: expected 'LORA', got '%s'".formatted(json.get("peft_type")));
    }
    UNDERSTOOD.forEach((key, neutral) -> {
      Object value = json.get(key);
      if (value != null && !neutral.contains(value)) {
        throw new DataException(
            "%s: expected none, as it is not supported, got %s".formatted(key, value));
      }
    });
    return new AdapterConfig(
        text(json, "base_model_name_or_path"),
        text(json, "revision"),
        json.get("r") instanceof Number rank ? rank.intValue() : 8,
        json.get("lora_alpha") instanceof Number alpha ? alpha.doubleValue() : 8,
        json.get("lora_dropout") instanceof Number dropout ? dropout.doubleValue() : 0,
        targets(json.get("target_modules")),
        json.get("modules_to_save") instanceof Collection<?> modules
            ? modules.stream().map(String::valueOf).toList()
            : List.of(),
        Boolean.TRUE.equals(json.get("use_rslora")),
        Boolean.TRUE.equals(json.get("use_dora")),
        bias(json.get("bias")));
  }

  private static TargetModules targets(@Nullable Object value) {
    return switch (value) {
      case String text when text.equals(TargetModules.ALL_LINEAR) -> new TargetModules.AllLinear();
      case String text -> new TargetModules.Matching(text);
      case Collection<?> names ->
          new TargetModules.Names(names.stream().map(String::valueOf).toList());
      case null, default ->
          throw new DataException(
              "target_modules: expected a list of names or a regular expression, got " + value);
    };
  }

  private static AdapterBias bias(@Nullable Object value) {
    return Arrays.stream(AdapterBias.values())
        .filter(bias -> value == null || bias.spelled().equals(value))
        .findFirst()
        .orElseThrow(() ->
            new DataException("bias: expected none, all or lora_only, got '%s'".formatted(value)));
  }

  private static Optional<String> text(Map<String, Object> json, String key) {
    return json.get(key) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /**
   * The values of an {@code adapter_config.json}. Only keys that every version of PEFT knows are
   * written, as older ones fail at newer ones.
   *
   * @param chosen the layers with an adapter
   * @param fanInFanOut whether weights are stored {@code [in, out]}, as GPT-2's are
   */
  Map<String, Object> json(Set<String> chosen, boolean fanInFanOut) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("alpha_pattern", Map.of());
    json.put("auto_mapping", null);
    json.put("base_model_name_or_path", base.orElse(null));
    json.put("bias", bias.spelled());
    json.put("fan_in_fan_out", fanInFanOut);
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    json.put("layers_pattern", null);
    json.put("layers_to_transform", null);
    json.put("lora_alpha", number(alpha));
    json.put("lora_dropout", dropout);
    json.put("modules_to_save", modulesToSave.isEmpty() ? null : modulesToSave);
    json.put("peft_type", "LORA");
    json.put("r", rank);
    json.put("rank_pattern", Map.of());
    json.put("revision", revision.orElse(null));
    json.put("target_modules", targets.json(chosen));
    json.put("task_type", "CAUSAL_LM");
    json.put("use_dora", dora);
    json.put("use_rslora", rsLora);
    return json;
  }

  /** PEFT declares an int; a fraction is written as what it is. */
  private static Number number(double value) {
    return value == Math.rint(value) ? (Number) Math.round(value) : (Number) value;
  }
}
