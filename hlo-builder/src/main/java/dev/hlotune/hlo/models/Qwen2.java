package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.Context;
import dev.hlotune.hlo.nn.GatedMlp;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Part;
import dev.hlotune.hlo.nn.RmsNorm;
import dev.hlotune.hlo.nn.Rope;
import dev.hlotune.hlo.nn.Rotary;
import dev.hlotune.hlo.nn.SelfAttention;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Qwen2 and Qwen2.5 (Yang et al. 2024): Llama with a bias on queries, keys and values and, where
 * {@code use_sliding_window} says so, a window from layer {@code max_window_layers} on.
 *
 * @param seen what each layer sees
 */
public record Qwen2(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    List<Attention> seen,
    RmsNorm attentionNorm,
    SelfAttention attention,
    RmsNorm mlpNorm,
    GatedMlp mlp,
    RmsNorm last)
    implements CausalModel {
  /** As transformers' {@code Qwen2Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 151936),
          entry("hidden_size", 4096),
          entry("intermediate_size", 22016),
          entry("num_hidden_layers", 32),
          entry("num_attention_heads", 32),
          entry("num_key_value_heads", 32),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 32768),
          entry("rms_norm_eps", 1e-6),
          entry("rope_theta", 10000.0),
          entry("sliding_window", 4096),
          entry("max_window_layers", 28));

  public Qwen2 {
    seen = List.copyOf(seen);
  }

  /** The model that a configuration describes. */
  public static Qwen2 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    DecoderSizes sizes = DecoderSizes.of(json);
    int headSize = sizes.heads().size();
    return new Qwen2(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, headSize),
        LayerTypes.fromLayerOn(json, sizes.layers(), Attention.of(headSize)),
        sizes.norm("input_layernorm"),
        sizes.attention(true, false),
        sizes.norm("post_attention_layernorm"),
        sizes.mlp(json.activation("hidden_act"), false),
        sizes.norm("model.norm"));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> layer = Part.all(attentionNorm, attention, mlpNorm, mlp);
    return words.parameters(stack.parameters(layer).plus(last.parameters()));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Rotary rotary = rope.at(inputs.positions(), inputs.context());
    Tensor x = words.embed(weights, inputs.tokens());
    Tensor y =
        stack.apply(
            weights,
            x,
            inputs.context(),
            seen,
            (own, layer, h) -> block(own, layer, h, rotary, inputs.context()));
    return last.apply(weights, y);
  }

  private Tensor block(
      Attention own, ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Tensor normal = attentionNorm.apply(layer, x);
    Tensor y = x.plus(attention.apply(layer, normal, own, Optional.of(rotary), context));
    return y.plus(mlp.apply(layer, mlpNorm.apply(layer, y)));
  }
}
