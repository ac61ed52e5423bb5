package dev.hlotune.hlo.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.Layering;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a configuration may not say: an unsupported model never trains as if it were another. */
class FamiliesTest {
  private static final String ALL =
      "[gemma, gemma2, gemma3_text, gpt2, llama, mistral, nanochat, phi3, qwen2, qwen3, smollm3]";
  private static final String ACTIVATIONS =
      "[gelu, gelu_new, gelu_pytorch_tanh, silu, swish, relu, relu2]";

  @Test
  void refusesOtherArchitectures() {
    refuses("model_type", "one of " + ALL + ", got \"lama\"; the nearest is \"llama\"", "lama");
    refuses("model_type", "one of " + ALL + ", got \"mixtral\", a mixture of experts", "mixtral");
    refuses(
        "model_type",
        "one of "
            + ALL
            + ", got \"gemma3\", which reads images too; its text part alone is \"gemma3_text\"",
        "gemma3");
    ShapeException none = assertThrows(ShapeException.class, () -> model(Map.of()));
    assertEquals("model config key \"model_type\": expected a string, got none", none.getMessage());
  }

  @Test
  void refusesWhatChangesTheResultOfEveryFamily() {
    for (String family : Families.names()) {
      refuses(
          "quantization_config",
          "none, as weights have to be floats, got {bits=4}",
          family,
          "quantization_config",
          Map.of("bits", 4));
      refuses(
          "is_encoder_decoder",
          "false, the variant that is supported, got true",
          family,
          "is_encoder_decoder",
          true);
    }
  }

  @Test
  void refusesOtherNonlinearities() {
    String wanted = "one of " + ACTIVATIONS + ", got \"gelu_fast\"; the nearest is \"gelu_new\"";
    refuses("activation_function", wanted, "gpt2", "activation_function", "gelu_fast");
    for (String family : List.of("gemma2", "gemma3_text")) {
      refuses("hidden_activation", wanted, family, "hidden_activation", "gelu_fast");
    }
    for (String family :
        List.of("llama", "mistral", "qwen2", "qwen3", "smollm3", "phi3", "gemma", "nanochat")) {
      refuses("hidden_act", wanted, family, "hidden_act", "gelu_fast");
    }
  }

  @Test
  void refusesOtherRotations() {
    String known = "one of [default, linear, dynamic, llama3, yarn, longrope]";
    refuses(
        "rope_parameters.rope_type",
        known + ", got \"proportional\"",
        "llama",
        "rope_parameters",
        Map.of("rope_type", "proportional"));
    refuses(
        "rope_scaling.type",
        known + ", got \"lama3\"; the nearest is \"llama3\"",
        "mistral",
        "rope_scaling",
        Map.of("type", "lama3"));
    refuses(
        "rope_scaling.type",
        "one of [default, longrope], got \"yarn\"",
        "phi3",
        "rope_scaling",
        Map.of("type", "yarn"));
    refuses(
        "rope_parameters.full_attention.rope_type",
        "one of [default, linear, dynamic, llama3], got \"yarn\"",
        "gemma3_text",
        "rope_parameters",
        Map.of("full_attention", Map.of("rope_type", "yarn")));
    refuses(
        "rope_scaling.factor",
        "a positive number, got none",
        "llama",
        "rope_scaling",
        Map.of("rope_type", "llama3"));
    refuses(
        "partial_rotary_factor",
        "1, as this family rotates whole heads, got 0.5",
        "qwen2",
        "partial_rotary_factor",
        0.5);
    refuses(
        "rope_parameters.partial_rotary_factor",
        "1, as this family rotates whole heads, got 0.5",
        "gemma",
        "rope_parameters",
        Map.of("partial_rotary_factor", 0.5));
    fails(
        "model config: expected an even number of rotated elements in a head, got 7",
        "llama",
        "head_dim",
        7);
    fails(
        "rotary scaling \"longrope\": expected 48 factors, one for each pair of elements, got 1",
        "phi3",
        "rope_scaling",
        Map.of("type", "longrope", "short_factor", List.of(1), "long_factor", List.of(1)));
  }

  @Test
  void refusesWindowsThatItCannotHave() {
    String types = "a list of \"full_attention\" and \"sliding_attention\" for 26 layers";
    refuses(
        "layer_types",
        types + ", got \"chunked_attention\"",
        "gemma2",
        "layer_types",
        List.of("chunked_attention"));
    refuses(
        "layer_types", types + ", got 1", "gemma3_text", "layer_types", List.of("full_attention"));
    refuses(
        "sliding_window",
        "a whole number, as some layers see a window, got none",
        "smollm3",
        "layer_types",
        Collections.nCopies(36, "sliding_attention"));
    refuses(
        "layer_types",
        "no \"sliding_attention\" without \"use_sliding_window\", got sliding_attention",
        "qwen3",
        "layer_types",
        Collections.nCopies(32, "sliding_attention"));
    refuses(
        "layer_types",
        "none, as every layer of this family sees the same window, got [full_attention]",
        "mistral",
        "layer_types",
        List.of("full_attention"));
    refuses(
        "no_rope_layers",
        "a list of 0 and 1 for at least 36 layers, got 2",
        "smollm3",
        "no_rope_layers",
        List.of(1, 0));
    refuses(
        "window_pattern",
        "none, as nanochat was before it had windows, got SSSL",
        "nanochat",
        "n_embd",
        768,
        "window_pattern",
        "SSSL");
  }

  @Test
  void refusesVariantsOfAFamily() {
    for (String family : List.of("gemma", "gemma2", "gemma3_text")) {
      refuses(
          "use_bidirectional_attention",
          "false, the variant that is supported, got true",
          family,
          "use_bidirectional_attention",
          true);
    }
    refuses(
        "hidden_activation",
        "gelu_pytorch_tanh, the variant that is supported, got gelu",
        "gemma",
        "hidden_activation",
        "gelu");
    refuses(
        "attn_logit_softcapping",
        "none, as transformers passes it over, got 50.0",
        "gemma3_text",
        "attn_logit_softcapping",
        50.0);
    refuses(
        "attention_bias",
        "false, the variant that is supported, got true",
        "phi3",
        "attention_bias",
        true);
    refuses(
        "scale_attn_by_inverse_layer_idx",
        "false, the variant that is supported, got true",
        "gpt2",
        "scale_attn_by_inverse_layer_idx",
        true);
  }

  @Test
  void refusesSizesThatDoNotFit() {
    fails(
        "model config: expected \"num_key_value_heads\" to divide \"num_attention_heads\", got 5"
            + " and 32",
        "llama",
        "num_key_value_heads",
        5);
    fails(
        "model config: expected \"num_attention_heads\" to divide \"hidden_size\", got 30 and 4096",
        "llama",
        "num_attention_heads",
        30);
    fails(
        "model config: expected \"n_head\" to divide \"n_embd\", got 5 and 768",
        "gpt2",
        "n_head",
        5);
    refuses("vocab_size", "a whole number of at least 1, got 0.5", "llama", "vocab_size", 0.5);
    refuses("rms_norm_eps", "a positive number, got -1", "qwen3", "rms_norm_eps", -1);
    refuses("tie_word_embeddings", "true or false, got 1", "gemma", "tie_word_embeddings", 1);
  }

  private static void refuses(String key, String expected, String family, Object... keysAndValues) {
    fails("model config key \"" + key + "\": expected " + expected, family, keysAndValues);
  }

  private static void fails(String message, String family, Object... keysAndValues) {
    Map<String, Object> config = new HashMap<>(Map.of("model_type", family));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      config.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    ShapeException thrown = assertThrows(ShapeException.class, () -> model(config));
    assertEquals(message, thrown.getMessage());
  }

  private static CausalModel model(Map<String, Object> config) {
    return Families.of(new ModelConfig(config), new Layout(Layering.SCAN, Remat.NOTHING));
  }
}
