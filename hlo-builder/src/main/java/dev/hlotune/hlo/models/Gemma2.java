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
import java.util.OptionalInt;

/**
 * Gemma 2 (Gemma Team 2024): Gemma with a window in every other layer, scores and logits that stay
 * below a bound, and norms before and after attention and MLP.
 *
 * @param seen what each layer sees
 * @param before the norm before attention
 * @param after the norm after attention
 * @param beforeMlp the norm before the MLP
 * @param afterMlp the norm after the MLP
 */
public record Gemma2(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    List<Attention> seen,
    RmsNorm before,
    SelfAttention attention,
    RmsNorm after,
    RmsNorm beforeMlp,
    GatedMlp mlp,
    RmsNorm afterMlp,
    RmsNorm last)
    implements CausalModel {
  /** As transformers' {@code Gemma2Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 256000),
          entry("hidden_size", 2304),
          entry("intermediate_size", 9216),
          entry("num_hidden_layers", 26),
          entry("num_attention_heads", 8),
          entry("num_key_value_heads", 4),
          entry("head_dim", 256),
          entry("hidden_activation", "gelu_pytorch_tanh"),
          entry("max_position_embeddings", 8192),
          entry("rms_norm_eps", 1e-6),
          entry("tie_word_embeddings", true),
          entry("rope_theta", 10000.0),
          entry("query_pre_attn_scalar", 256),
          entry("sliding_window", 4096),
          entry("final_logit_softcapping", 30.0),
          entry("attn_logit_softcapping", 50.0));

  public Gemma2 {
    seen = List.copyOf(seen);
  }

  /** The model that a configuration describes. */
  public static Gemma2 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireValue("use_bidirectional_attention", false);
    DecoderSizes sizes = DecoderSizes.of(json);
    boolean biased = json.flag("attention_bias");
    Attention attention =
        new Attention(
            1 / Math.sqrt(json.number("query_pre_attn_scalar")),
            OptionalInt.empty(),
            json.optionalNumber("attn_logit_softcapping"));
    List<Boolean> sliding = LayerTypes.sliding(json, sizes.layers(), i -> i % 2 == 0);
    return new Gemma2(
        sizes.words().capped(json.optionalNumber("final_logit_softcapping")),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, sizes.heads().size()),
        LayerTypes.attentions(json, attention, sliding),
        sizes.norm("input_layernorm").onePlus(),
        sizes.attention(biased, biased),
        sizes.norm("post_attention_layernorm").onePlus(),
        sizes.norm("pre_feedforward_layernorm").onePlus(),
        sizes.mlp(json.activation("hidden_activation"), false),
        sizes.norm("post_feedforward_layernorm").onePlus(),
        sizes.norm("model.norm").onePlus());
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> layer = Part.all(before, attention, after, beforeMlp, mlp, afterMlp);
    return words.parameters(stack.parameters(layer).plus(last.parameters()));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Rotary rotary = rope.at(inputs.positions(), inputs.context());
    Tensor x = words.embed(weights, inputs.tokens()).times(Math.sqrt(words.embed().size()));
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
    Tensor mixed =
        attention.apply(layer, before.apply(layer, x), own, Optional.of(rotary), context);
    Tensor y = x.plus(after.apply(layer, mixed));
    return y.plus(afterMlp.apply(layer, mlp.apply(layer, beforeMlp.apply(layer, y))));
  }
}
