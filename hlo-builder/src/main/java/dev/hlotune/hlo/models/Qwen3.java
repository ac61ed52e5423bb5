package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Axis;
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
 * Qwen3 (Yang et al. 2025): Llama with a norm over every head's queries and keys, a head size of
 * its own and, where {@code use_sliding_window} says so, a window from layer {@code
 * max_window_layers} on.
 *
 * @param seen what each layer sees
 */
public record Qwen3(
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
  /** As transformers' {@code Qwen3Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 151936),
          entry("hidden_size", 4096),
          entry("intermediate_size", 22016),
          entry("num_hidden_layers", 32),
          entry("num_attention_heads", 32),
          entry("num_key_value_heads", 32),
          entry("head_dim", 128),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 32768),
          entry("rms_norm_eps", 1e-6),
          entry("rope_theta", 10000.0),
          entry("sliding_window", 4096),
          entry("max_window_layers", 28));

  public Qwen3 {
    seen = List.copyOf(seen);
  }

  /** The model that a configuration describes. */
  public static Qwen3 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    DecoderSizes sizes = DecoderSizes.of(json);
    Axis head = sizes.heads().sizeAxis();
    boolean biased = json.flag("attention_bias");
    return new Qwen3(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, head.size()),
        LayerTypes.fromLayerOn(json, sizes.layers(), Attention.of(head.size())),
        sizes.norm("input_layernorm"),
        sizes
            .attention(biased, biased)
            .normed(
                RmsNorm.of("self_attn.q_norm", head, sizes.epsilon()),
                RmsNorm.of("self_attn.k_norm", head, sizes.epsilon())),
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
