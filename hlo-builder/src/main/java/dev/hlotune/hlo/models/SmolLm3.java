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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SmolLM3 (Bakouch et al. 2025): Llama of which every fourth layer knows no positions (Yang et al.
 * 2025, "Rope to Nope and Back Again") and may see a window.
 *
 * @param kinds what each layer sees
 */
public record SmolLm3(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    List<Kind> kinds,
    RmsNorm attentionNorm,
    SelfAttention attention,
    RmsNorm mlpNorm,
    GatedMlp mlp,
    RmsNorm last)
    implements CausalModel {
  private static final String ROTATED = "no_rope_layers";

  /** As transformers' {@code SmolLM3Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 128256),
          entry("hidden_size", 2048),
          entry("intermediate_size", 11008),
          entry("num_hidden_layers", 36),
          entry("num_attention_heads", 16),
          entry("num_key_value_heads", 4),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 32768),
          entry("rms_norm_eps", 1e-6),
          entry("tie_word_embeddings", true),
          entry("rope_theta", 2000000.0),
          entry("no_rope_layer_interval", 4));

  /**
   * What layers differ in.
   *
   * @param seen which positions
   * @param rotated whether it knows where they are
   */
  public record Kind(Attention seen, boolean rotated) {}

  public SmolLm3 {
    kinds = List.copyOf(kinds);
  }

  /** The model that a configuration describes. */
  public static SmolLm3 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    DecoderSizes sizes = DecoderSizes.of(json);
    boolean biased = json.flag("attention_bias");
    return new SmolLm3(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, sizes.heads().size()),
        kinds(json, sizes),
        sizes.norm("input_layernorm"),
        sizes.attention(biased, biased),
        sizes.norm("post_attention_layernorm"),
        sizes.mlp(json.activation("hidden_act"), json.flag("mlp_bias")),
        sizes.norm("model.norm"));
  }

  private static List<Kind> kinds(ModelConfig json, DecoderSizes sizes) {
    List<Boolean> rotated = rotated(json, sizes.layers());
    boolean windows = json.flag("use_sliding_window") && json.has("sliding_window");
    List<Boolean> sliding =
        LayerTypes.sliding(json, sizes.layers(), i -> windows && !rotated.get(i));
    List<Attention> seen = LayerTypes.attentions(json, Attention.of(sizes.heads().size()), sliding);
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      kinds.add(new Kind(seen.get(i), rotated.get(i)));
    }
    return kinds;
  }

  /** Despite its name, the list has 1 where a layer is rotated. */
  private static List<Boolean> rotated(ModelConfig json, int layers) {
    List<Boolean> rotated = new ArrayList<>();
    String expected = "a list of 0 and 1 for at least " + layers + " layers";
    List<?> listed = json.has(ROTATED) ? json.list(ROTATED, expected) : List.of();
    if (json.has(ROTATED) && listed.size() < layers) {
      throw json.wrong(ROTATED, expected, listed.size());
    }
    int interval = json.integer("no_rope_layer_interval");
    for (int i = 0; i < layers; i++) {
      rotated.add(
          json.has(ROTATED)
              ? !(listed.get(i) instanceof Number number && number.intValue() == 0)
              : (i + 1) % interval != 0);
    }
    return rotated;
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
            kinds,
            (kind, layer, h) -> block(kind, layer, h, rotary, inputs.context()));
    return last.apply(weights, y);
  }

  private Tensor block(
      Kind kind, ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Optional<Rotary> own = kind.rotated ? Optional.of(rotary) : Optional.empty();
    Tensor normal = attentionNorm.apply(layer, x);
    Tensor y = x.plus(attention.apply(layer, normal, kind.seen, own, context));
    return y.plus(mlp.apply(layer, mlpNorm.apply(layer, y)));
  }
}
