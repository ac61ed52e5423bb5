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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Gemma 3's text model (Gemma Team 2025): Gemma 2 with a norm over every head's queries and keys
 * instead of bounded scores, five layers of six with a window, and rotary wavelengths of their own
 * for those.
 *
 * @param whole the rotation of layers that see everything
 * @param local the rotation of layers that see a window
 * @param kinds what each layer sees
 * @param before the norm before attention
 * @param after the norm after attention
 * @param beforeMlp the norm before the MLP
 * @param afterMlp the norm after the MLP
 */
public record Gemma3(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope whole,
    Rope local,
    List<Kind> kinds,
    RmsNorm before,
    SelfAttention attention,
    RmsNorm after,
    RmsNorm beforeMlp,
    GatedMlp mlp,
    RmsNorm afterMlp,
    RmsNorm last)
    implements CausalModel {
  private static final List<String> SCALINGS = List.of("default", "linear", "dynamic", "llama3");

  /** As transformers' {@code Gemma3TextConfig}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 262208),
          entry("hidden_size", 2304),
          entry("intermediate_size", 9216),
          entry("num_hidden_layers", 26),
          entry("num_attention_heads", 8),
          entry("num_key_value_heads", 4),
          entry("head_dim", 256),
          entry("hidden_activation", "gelu_pytorch_tanh"),
          entry("max_position_embeddings", 131072),
          entry("rms_norm_eps", 1e-6),
          entry("tie_word_embeddings", true),
          entry("rope_theta", 1000000.0),
          entry("rope_local_base_freq", 10000.0),
          entry("query_pre_attn_scalar", 256),
          entry("sliding_window", 4096),
          entry("sliding_window_pattern", 6));

  /**
   * What layers differ in.
   *
   * @param seen which positions
   * @param local whether they are rotated as within a window
   */
  public record Kind(Attention seen, boolean local) {}

  public Gemma3 {
    kinds = List.copyOf(kinds);
  }

  /** The model that a configuration describes. */
  public static Gemma3 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireValue("use_bidirectional_attention", false);
    json.requireNone("attn_logit_softcapping", "none, as transformers passes it over");
    DecoderSizes sizes = DecoderSizes.of(json);
    Axis head = sizes.heads().sizeAxis();
    boolean biased = json.flag("attention_bias");
    return new Gemma3(
        sizes.words().capped(json.optionalNumber("final_logit_softcapping")),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        wholeRope(json, head.size()),
        localRope(json, head.size()),
        kinds(json, sizes.layers()),
        sizes.norm("input_layernorm").onePlus(),
        sizes
            .attention(biased, biased)
            .normed(
                RmsNorm.of("self_attn.q_norm", head, sizes.epsilon()).onePlus(),
                RmsNorm.of("self_attn.k_norm", head, sizes.epsilon()).onePlus()),
        sizes.norm("post_attention_layernorm").onePlus(),
        sizes.norm("pre_feedforward_layernorm").onePlus(),
        sizes.mlp(json.activation("hidden_activation"), false),
        sizes.norm("post_feedforward_layernorm").onePlus(),
        sizes.norm("model.norm").onePlus());
  }

  private static Rope wholeRope(ModelConfig json, int headSize) {
    ModelConfig old = json.object("rope_scaling");
    ModelConfig keys =
        old.keys().isEmpty() ? json.object("rope_parameters").object("full_attention") : old;
    return RopeConfig.whole(json, keys, headSize, SCALINGS);
  }

  private static Rope localRope(ModelConfig json, int headSize) {
    ModelConfig keys =
        json.object("rope_parameters")
            .object("sliding_attention")
            .withDefaults(Map.of("rope_theta", json.number("rope_local_base_freq")));
    return RopeConfig.whole(json, keys, headSize, SCALINGS);
  }

  private static List<Kind> kinds(ModelConfig json, int layers) {
    int pattern = json.integer("sliding_window_pattern");
    List<Boolean> local = LayerTypes.sliding(json, layers, i -> (i + 1) % pattern != 0);
    Attention attention =
        new Attention(
            1 / Math.sqrt(json.number("query_pre_attn_scalar")),
            OptionalInt.empty(),
            OptionalDouble.empty());
    List<Attention> seen = LayerTypes.attentions(json, attention, local);
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      kinds.add(new Kind(seen.get(i), local.get(i)));
    }
    return kinds;
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> layer = Part.all(before, attention, after, beforeMlp, mlp, afterMlp);
    return words.parameters(stack.parameters(layer).plus(last.parameters()));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Rotary everywhere = whole.at(inputs.positions(), inputs.context());
    Rotary nearby = local.at(inputs.positions(), inputs.context());
    Tensor x = words.embed(weights, inputs.tokens()).times(Math.sqrt(words.embed().size()));
    Tensor y =
        stack.apply(
            weights,
            x,
            inputs.context(),
            kinds,
            (kind, layer, h) ->
                block(kind.seen, layer, h, kind.local ? nearby : everywhere, inputs.context()));
    return last.apply(weights, y);
  }

  private Tensor block(
      Attention seen, ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Tensor mixed =
        attention.apply(layer, before.apply(layer, x), seen, Optional.of(rotary), context);
    Tensor y = x.plus(after.apply(layer, mixed));
    return y.plus(afterMlp.apply(layer, mlp.apply(layer, beforeMlp.apply(layer, y))));
  }
}
