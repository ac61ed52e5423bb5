package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.Context;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.Heads;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Linear;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Part;
import dev.hlotune.hlo.nn.RmsNorm;
import dev.hlotune.hlo.nn.Rope;
import dev.hlotune.hlo.nn.Rotary;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Phi-3 and Phi-4-mini (Abdin et al. 2024): Llama with queries, keys and values in one weight, the
 * MLP's gate and its other half in another, perhaps a rotation of only a part of each head, and
 * LongRoPE for long texts.
 *
 * @param seen which positions a layer sees
 * @param qkv queries, keys and values side by side
 * @param output attention's way back to the residual
 * @param gateUp the MLP's gate and what it is multiplied with, side by side
 * @param down the MLP's way back
 */
public record Phi3(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    Attention seen,
    RmsNorm attentionNorm,
    Heads heads,
    Linear qkv,
    Linear output,
    RmsNorm mlpNorm,
    Linear gateUp,
    Activation activation,
    Linear down,
    RmsNorm last)
    implements CausalModel {
  private static final String QKV = "qkv";
  private static final String GATE_UP = "gate_up";

  /** As transformers' {@code Phi3Config}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 32064),
          entry("hidden_size", 3072),
          entry("intermediate_size", 8192),
          entry("num_hidden_layers", 32),
          entry("num_attention_heads", 32),
          entry("hidden_act", "silu"),
          entry("max_position_embeddings", 4096),
          entry("original_max_position_embeddings", 4096),
          entry("rms_norm_eps", 1e-5),
          entry("rope_theta", 10000.0));

  /** The model that a configuration describes. */
  public static Phi3 of(ModelConfig file, Layout layout) {
    ModelConfig json = file.withDefaults(DEFAULTS);
    json.requireValue("attention_bias", false);
    DecoderSizes sizes = DecoderSizes.of(json);
    Heads heads = sizes.heads();
    Axis qkv = new Axis(QKV, heads.queryAxis().size() + 2 * heads.keyAxis().size());
    Axis gateUp = new Axis(GATE_UP, 2 * sizes.inner().size());
    return new Phi3(
        sizes.words(),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        rope(json, heads.size()),
        Attention.of(heads.size()).within(json.optionalInteger("sliding_window")),
        sizes.norm("input_layernorm"),
        heads,
        sizes.linear("self_attn.qkv_proj", qkv, sizes.embed(), false),
        sizes.linear("self_attn.o_proj", sizes.embed(), heads.queryAxis(), false),
        sizes.norm("post_attention_layernorm"),
        sizes.linear("mlp.gate_up_proj", gateUp, sizes.embed(), false),
        json.activation("hidden_act"),
        sizes.linear("mlp.down_proj", sizes.embed(), sizes.inner(), false),
        sizes.norm("model.norm"));
  }

  private static Rope rope(ModelConfig json, int headSize) {
    ModelConfig keys = RopeConfig.parameters(json);
    double part =
        keys.optionalNumber(RopeConfig.PARTIAL)
            .orElse(json.optionalNumber(RopeConfig.PARTIAL).orElse(1));
    return RopeConfig.of(json, keys, (int) (headSize * part), List.of("default", "longrope"));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> layer = Part.all(attentionNorm, qkv, output, mlpNorm, gateUp, down);
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
    Tensor y = x.plus(attention(layer, attentionNorm.apply(layer, x), rotary, context));
    Tensor normal = mlpNorm.apply(layer, y);
    Axis inner = new Axis("mlp", gateUp.stored().getFirst().size() / 2);
    List<Tensor> both = parts(gateUp, GATE_UP, layer, normal, context, List.of(inner, inner));
    Tensor gate = both.get(0);
    Tensor up = both.get(1);
    Tensor result = down.apply(layer, activation.apply(gate).times(up));
    return y.plus(Dropout.RESIDUAL.apply(layer, "mlp", result));
  }

  private Tensor attention(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    List<Axis> axes = List.of(heads.queryAxis(), heads.keyAxis(), heads.keyAxis());
    List<Tensor> all = parts(qkv, QKV, layer, x, context, axes);
    Tensor q = heads.splitQueries(all.get(0));
    Tensor k = heads.splitKeys(all.get(1));
    Tensor v = heads.splitKeys(all.get(2));
    Tensor mixed =
        seen.apply(layer, rotary.rotate(q, Heads.SIZE), rotary.rotate(k, Heads.SIZE), v, context);
    return Dropout.RESIDUAL.apply(layer, "attn", output.apply(layer, heads.merge(mixed)));
  }

  /** What one weight gives, as what it stands for side by side. */
  private static List<Tensor> parts(
      Linear linear,
      String out,
      ParamMap<Tensor> layer,
      Tensor x,
      Context context,
      List<Axis> axes) {
    Optional<Tensor> all =
        context.spread().width() == 1 ? Optional.of(linear.apply(layer, x)) : Optional.empty();
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (Axis axis : axes) {
      int from = start;
      parts.add(
          all.map(whole -> whole.slice(out, from, axis.size()).rename(out, axis.name()))
              .orElseGet(() -> linear.apply(linear.part(layer, out, from, axis), x)));
      start += axis.size();
    }
    return parts;
  }
}
