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
 * Llama (Touvron et al. 2023; Grattafiori et al. 2024): rotary positions, RMS norm, a gated MLP and
 * grouped-query attention. Weights of its linear layers are stored {@code [out, in]}. SmolLM and
 * SmolLM2 are this model too.
 */
public record Llama(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    RmsNorm attentionNorm,
    SelfAttention attention,
    RmsNorm mlpNorm,
    GatedMlp mlp,
    RmsNorm last)
    implements CausalModel {
  /** As transformers' {@code LlamaConfig}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 32000),
          entry("hidden_size", 4096),
          entry("intermediate_size", 11008),
          entry("num_hidden_layers", 32),
          entry("num_attention_heads", 32),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 2048),
          entry("rms_norm_eps", 1e-6),
          entry("rope_theta", 10000.0));

  /** The model that a configuration describes. */
  public static Llama of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    DecoderSizes sizes = DecoderSizes.of(json);
    boolean biased = json.flag("attention_bias");
    return new Llama(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, sizes.heads().size()),
        sizes.norm("input_layernorm"),
        sizes.attention(biased, biased),
        sizes.norm("post_attention_layernorm"),
        sizes.mlp(json.activation("hidden_act"), json.flag("mlp_bias")),
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
    Attention seen = Attention.of(attention.heads().size());
    Tensor normal = attentionNorm.apply(layer, x);
    Tensor y = x.plus(attention.apply(layer, normal, seen, Optional.of(rotary), context));
    return y.plus(mlp.apply(layer, mlpNorm.apply(layer, y)));
  }
}
