package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.Context;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.Heads;
import dev.hlotune.hlo.nn.LayerNorm;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layers;
import dev.hlotune.hlo.nn.Linear;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Part;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.Map;

/**
 * GPT-2 (Radford et al. 2019): learned positions, pre-norm blocks, a head tied to the embedding.
 * Weights of its linear layers are stored {@code [in, out]}. DialoGPT is this model too.
 *
 * @param deviation of the positions' first values
 * @param qkv queries, keys and values side by side
 * @param output attention's way back to the residual
 * @param up the MLP's first projection
 * @param down its second
 */
public record Gpt2(
    Vocabulary words,
    int maxPositions,
    double deviation,
    LayerStack stack,
    LayerNorm attentionNorm,
    Heads heads,
    Linear qkv,
    Linear output,
    LayerNorm mlpNorm,
    Linear up,
    Activation activation,
    Linear down,
    LayerNorm last)
    implements CausalModel {
  private static final String QKV = "qkv";
  private static final String POSITIONS = "transformer.wpe.weight";

  /** As transformers' {@code GPT2Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 50257),
          entry("n_positions", 1024),
          entry("n_embd", 768),
          entry("n_layer", 12),
          entry("n_head", 12),
          entry("activation_function", "gelu_new"),
          entry("layer_norm_epsilon", 1e-5),
          entry("initializer_range", 0.02),
          entry("tie_word_embeddings", true));

  /** The model that a configuration describes. */
  public static Gpt2 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireValue("scale_attn_weights", true);
    json.requireValue("scale_attn_by_inverse_layer_idx", false);
    json.requireValue("add_cross_attention", false);
    int width = json.integer("n_embd");
    int heads = json.integer("n_head");
    json.requireDivides("n_head", heads, "n_embd", width);
    int layers = json.integer("n_layer");
    double epsilon = json.number("layer_norm_epsilon");
    double deviation = json.number("initializer_range");
    // Projections into the residual start smaller, by the number of them (GPT-2 paper, 2.3).
    double projection = deviation / Math.sqrt(2.0 * layers);
    Axis embed = new Axis("embed", width);
    Axis attention = new Axis("attention", width);
    Axis mlp = new Axis("mlp", json.optionalInteger("n_inner").orElse(4 * width));
    return new Gpt2(
        Vocabulary.of(
            "transformer.wte.weight",
            "lm_head.weight",
            json.integer("vocab_size"),
            embed,
            json.flag("tie_word_embeddings"),
            deviation),
        json.integer("n_positions"),
        deviation,
        layout.stack("transformer.h", layers),
        new LayerNorm("ln_1", embed, epsilon),
        new Heads(heads, heads, width / heads),
        Linear.conv("attn.c_attn", embed, new Axis(QKV, 3 * width), deviation),
        Linear.conv("attn.c_proj", attention, embed, projection),
        new LayerNorm("ln_2", embed, epsilon),
        Linear.conv("mlp.c_fc", embed, mlp, deviation),
        json.activation("activation_function"),
        Linear.conv("mlp.c_proj", mlp, embed, projection),
        new LayerNorm("transformer.ln_f", embed, epsilon));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    Axis position = new Axis("position", maxPositions);
    return words.parameters(
        ParamMap.<ParameterSpec>empty()
            .plus(POSITIONS, ParameterSpec.normal(deviation, position, words.embed()))
            .plus(stack.parameters(Part.all(attentionNorm, qkv, output, mlpNorm, up, down)))
            .plus(last.parameters()));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Tensor x =
        words
            .embed(weights, inputs.tokens())
            .plus(Layers.embedding(weights.get(POSITIONS), "position", inputs.positions()));
    Tensor dropped = Dropout.EMBEDDING.apply(weights, "", x);
    Tensor y =
        stack.apply(
            weights, dropped, inputs.context(), (layer, h) -> block(layer, h, inputs.context()));
    return last.apply(weights, y);
  }

  private Tensor block(ParamMap<Tensor> layer, Tensor x, Context context) {
    Tensor y = x.plus(attention(layer, attentionNorm.apply(layer, x), context));
    Tensor hidden = activation.apply(up.apply(layer, mlpNorm.apply(layer, y)));
    return y.plus(Dropout.RESIDUAL.apply(layer, "mlp", down.apply(layer, hidden)));
  }

  private Tensor attention(ParamMap<Tensor> layer, Tensor x, Context context) {
    Tensor q;
    Tensor k;
    Tensor v;
    if (context.spread().width() == 1) {
      Tensor all = qkv.apply(layer, x).split(QKV, new Axis("part", 3), heads.queryAxis());
      q = all.at("part", 0);
      k = all.at("part", 1).rename("attention", "keys");
      v = all.at("part", 2).rename("attention", "keys");
    } else {
      q = part(layer, x, 0, heads.queryAxis());
      k = part(layer, x, 1, heads.keyAxis());
      v = part(layer, x, 2, heads.keyAxis());
    }
    Tensor mixed =
        Attention.of(heads.size())
            .apply(layer, heads.splitQueries(q), heads.splitKeys(k), heads.splitKeys(v), context);
    return Dropout.RESIDUAL.apply(layer, "attn", output.apply(layer, heads.merge(mixed)));
  }

  private Tensor part(ParamMap<Tensor> layer, Tensor x, int number, Axis axis) {
    return qkv.apply(qkv.part(layer, QKV, number * axis.size(), axis), x);
  }
}
