package dev.hlotune.configs;

import java.util.List;

/** Fields of PEFT's LoraConfig that are no other spelling of one key here. */
final class PeftOthers {
  private PeftOthers() {}

  private static final String VARIANT = "adapters are LoRA, rsLoRA and DoRA";
  private static final String RANK = "adapters have one rank and one alpha";
  private static final String START = "adapters begin as LoRA's do, at zero";
  private static final String FILE = "what is saved has it as PEFT writes it";

  static final List<Alias> ALL =
      List.of(
          Alias.only("task_type", "causal language models are trained", "causal_lm"),
          Alias.only("peft_type", VARIANT, "lora"),
          Alias.nothing("auto_mapping", FILE),
          Alias.nothing("peft_version", FILE),
          Alias.of("base_model_name_or_path", "model_name_or_path"),
          Alias.of("revision", "model_revision"),
          Alias.only("inference_mode", "adapters are trained", "false"),
          Alias.nothing("fan_in_fan_out", "the family says how its weights lie"),
          Alias.only("exclude_modules", "'lora_target_modules' may be a regular expression"),
          Alias.only("layers_to_transform", "'lora_target_modules' may be a regular expression"),
          Alias.nothing("layers_pattern", "beside 'layers_to_transform'"),
          Alias.only("init_lora_weights", START, "true"),
          Alias.only("loftq_config", START),
          Alias.only("eva_config", START),
          Alias.only("corda_config", START),
          Alias.only("lora_ga_config", START),
          Alias.only("rank_pattern", RANK),
          Alias.only("alpha_pattern", RANK),
          Alias.only("megatron_config", VARIANT),
          Alias.nothing("megatron_core", "beside 'megatron_config'"),
          Alias.only("trainable_token_indices", "'lora_modules_to_save' trains the embedding"),
          Alias.only("velora_config", VARIANT),
          Alias.only("alora_invocation_tokens", VARIANT),
          Alias.only("use_qalora", VARIANT, "false"),
          Alias.nothing("qalora_group_size", "beside 'use_qalora'"),
          Alias.only("monteclora_config", VARIANT),
          Alias.only("layer_replication", VARIANT),
          Alias.nothing("runtime_config", "adapters stay on the device"),
          Alias.only("lora_bias", "'bias' says which biases are trained", "false"),
          Alias.only("target_parameters", "adapters are for linear layers alone"),
          Alias.only("use_bdlora", VARIANT, "false"),
          Alias.only("arrow_config", VARIANT),
          Alias.only("kasa_config", VARIANT),
          Alias.nothing("ensure_weight_tying", "a tied head has its embedding's weights"),
          // Of transformers' BitsAndBytesConfig.
          Alias.only("bnb_4bit_use_double_quant", "scales of NF4 are float32", "false"),
          Alias.reading(
              "bnb_4bit_compute_dtype",
              List.of("dtype"),
              (text, _) -> List.of(Assignment.mild("dtype", text.replaceFirst("^torch\\.", ""))),
              "unless 'dtype' says it"));
}
