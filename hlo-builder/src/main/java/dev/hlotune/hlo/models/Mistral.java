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
import java.util.Map;
import java.util.Optional;

/**
 * Mistral (Jiang et al. 2023): Llama whose every layer sees a window of positions. A null window is
 * none, as later versions have it.
 *
 * @param seen the window
 */
public record Mistral(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    Attention seen,
    RmsNorm attentionNorm,
    SelfAttention attention,
    RmsNorm mlpNorm,
    GatedMlp mlp,
    RmsNorm last)
    implements CausalModel {
  /** As transformers' {@code MistralConfig}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 32000),
          entry("hidden_size", 4096),
          entry("intermediate_size", 14336),
          entry("num_hidden_layers", 32),
          entry("num_attention_heads", 32),
          entry("num_key_value_heads", 8),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 131072),
          entry("rms_norm_eps", 1e-6),
          entry("rope_theta", 10000.0),
          entry("sliding_window", 4096));

  /** The model that a configuration describes. */
  public static Mistral of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireNone("layer_types", "none, as every layer of this family sees the same window");
    DecoderSizes sizes = DecoderSizes.of(json);
    int headSize = sizes.heads().size();
    return new Mistral(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, headSize),
        Attention.of(headSize).within(json.optionalInteger("sliding_window")),
        sizes.norm("input_layernorm"),
        sizes.attention(false, false),
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
            weights, x, inputs.context(), (layer, h) -> block(layer, h, rotary, inputs.context()));
    return last.apply(weights, y);
  }

  private Tensor block(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Tensor normal = attentionNorm.apply(layer, x);
    Tensor y = x.plus(attention.apply(layer, normal, seen, Optional.of(rotary), context));
    return y.plus(mlp.apply(layer, mlpNorm.apply(layer, y)));
  }
}
