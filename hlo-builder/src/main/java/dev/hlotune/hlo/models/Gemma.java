package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
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
 * Gemma (Gemma Team 2024): Llama with embeddings multiplied by the root of the width, norms whose
 * weight is the gain less one, GELU and large heads.
 */
public record Gemma(
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
  /** As transformers' {@code GemmaConfig}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 256000),
          entry("hidden_size", 3072),
          entry("intermediate_size", 24576),
          entry("num_hidden_layers", 28),
          entry("num_attention_heads", 16),
          entry("num_key_value_heads", 16),
          entry("head_dim", 256),
          entry("hidden_act", "gelu_pytorch_tanh"),
          entry("max_position_embeddings", 8192),
          entry("rms_norm_eps", 1e-6),
          entry("tie_word_embeddings", true),
          entry("rope_theta", 10000.0));

  /** The model that a configuration describes. */
  public static Gemma of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireValue("use_bidirectional_attention", false);
    // Which of two differing keys counts depends on the version of transformers.
    json.requireValue("hidden_activation", "gelu_pytorch_tanh");
    DecoderSizes sizes = DecoderSizes.of(json);
    boolean biased = json.flag("attention_bias");
    return new Gemma(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, sizes.heads().size()),
        sizes.norm("input_layernorm").onePlus(),
        sizes.attention(biased, biased),
        sizes.norm("post_attention_layernorm").onePlus(),
        sizes.mlp(activation(json), false),
        sizes.norm("model.norm").onePlus());
  }

  /** The first files say {@code gelu} and mean its approximation by tanh. */
  private static Activation activation(ModelConfig json) {
    Activation said = json.activation("hidden_act");
    return said == Activation.GELU ? Activation.GELU_TANH : said;
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> layer = Part.all(attentionNorm, attention, mlpNorm, mlp);
    return words.parameters(stack.parameters(layer).plus(last.parameters()));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Rotary rotary = rope.at(inputs.positions(), inputs.context());
    Tensor x = words.embed(weights, inputs.tokens()).times(Math.sqrt(words.embed().size()));
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
