package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layers;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Rotary;
import java.util.List;

/**
 * Llama (Touvron et al. 2023): rotary positions, RMS norm, a gated MLP and grouped-query attention.
 * Weights of its linear layers are stored {@code [out, in]}.
 */
public record Llama(Config config) implements CausalModel {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String NORM = "model.norm.weight";
  private static final String HEAD = "lm_head.weight";

  /**
   * What {@code config.json} says.
   *
   * @param keyHeads {@code num_key_value_heads}
   * @param headSize {@code head_dim}, or width / heads
   * @param theta base of the rotary wavelengths
   */
  public record Config(
      int vocabulary,
      int maxPositions,
      int width,
      int inner,
      int heads,
      int keyHeads,
      int headSize,
      Activation activation,
      double epsilon,
      double theta,
      double initializerRange,
      boolean attentionBias,
      boolean mlpBias,
      boolean tied,
      LayerStack stack) {

    /** Reads a Hugging Face configuration, of transformers 4 or 5. */
    static Config of(ModelConfig json, Layout layout) {
      int width = json.integer("hidden_size", 4096);
      int layers = json.integer("num_hidden_layers", 32);
      int heads = json.integer("num_attention_heads", 32);
      int keyHeads = json.integer("num_key_value_heads", heads);
      json.requireDivides("num_key_value_heads", keyHeads, "num_attention_heads", heads);
      if (json.keys().get("head_dim") == null) {
        json.requireDivides("num_attention_heads", heads, "hidden_size", width);
      }
      int headSize = json.integer("head_dim", width / heads);
      if (headSize % 2 != 0) {
        throw new ShapeException(
            "model config key \"head_dim\": expected an even number, got " + headSize);
      }
      ModelConfig rope = json.object("rope_parameters");
      rope.requireValue("rope_type", "default");
      ModelConfig scaling = json.object("rope_scaling");
      scaling.requireValue("rope_type", "default");
      scaling.requireValue("type", "default");
      return new Config(
          json.integer("vocab_size", 32000),
          json.integer("max_position_embeddings", 2048),
          width,
          json.integer("intermediate_size", 11008),
          heads,
          keyHeads,
          headSize,
          Activation.named(json.text("hidden_act", "silu")),
          json.number("rms_norm_eps", 1e-6),
          rope.number("rope_theta", json.number("rope_theta", 10000)),
          json.number("initializer_range", 0.02),
          json.flag("attention_bias", false),
          json.flag("mlp_bias", false),
          json.flag("tie_word_embeddings", false),
          new LayerStack("model.layers", layers, layout.layering(), layout.remat()));
    }
  }

  /** The model that a configuration describes. */
  public static Llama of(ModelConfig json, Layout layout) {
    return new Llama(Config.of(json, layout));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    double std = config.initializerRange;
    Axis embed = new Axis("embed", config.width);
    Axis mlp = new Axis("mlp", config.inner);
    Axis queries = new Axis("attention", config.heads * config.headSize);
    Axis keys = new Axis("keys", config.keyHeads * config.headSize);
    Axis vocabulary = new Axis("vocab", config.vocabulary);
    ParamMap<ParameterSpec> layer =
        ParamMap.<ParameterSpec>empty()
            .plus("input_layernorm.weight", ParameterSpec.constant(1, embed))
            .plus(linear("self_attn.q_proj", queries, embed, config.attentionBias))
            .plus(linear("self_attn.k_proj", keys, embed, config.attentionBias))
            .plus(linear("self_attn.v_proj", keys, embed, config.attentionBias))
            .plus(linear("self_attn.o_proj", embed, queries, config.attentionBias))
            .plus("post_attention_layernorm.weight", ParameterSpec.constant(1, embed))
            .plus(linear("mlp.gate_proj", mlp, embed, config.mlpBias))
            .plus(linear("mlp.up_proj", mlp, embed, config.mlpBias))
            .plus(linear("mlp.down_proj", embed, mlp, config.mlpBias));
    ParamMap<ParameterSpec> all =
        ParamMap.<ParameterSpec>empty()
            .plus(EMBEDDING, ParameterSpec.normal(std, vocabulary, embed))
            .plus(config.stack.parameters(layer))
            .plus(NORM, ParameterSpec.constant(1, embed));
    return config.tied ? all : all.plus(HEAD, ParameterSpec.normal(std, vocabulary, embed));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Rotary rotary = Rotary.of(inputs.positions(), config.headSize, config.theta);
    Tensor x = Layers.embedding(weights.get(EMBEDDING), "vocab", inputs.tokens());
    Tensor y =
        config.stack.apply(
            weights, x, (layer, hidden) -> block(layer, hidden, rotary, inputs.segments()));
    return Layers.rmsNorm(y, "embed", weights.get(NORM), config.epsilon);
  }

  @Override
  public Tensor head(ParamMap<Tensor> weights) {
    return weights.get(config.tied ? EMBEDDING : HEAD);
  }

  @Override
  public int vocabulary() {
    return config.vocabulary;
  }

  @Override
  public int maxPositions() {
    return config.maxPositions;
  }

  private Tensor block(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Tensor segments) {
    Tensor normal = Layers.rmsNorm(x, "embed", layer.get("input_layernorm.weight"), config.epsilon);
    Tensor y = x.plus(attention(layer, normal, rotary, segments));
    Tensor z =
        Layers.rmsNorm(y, "embed", layer.get("post_attention_layernorm.weight"), config.epsilon);
    Tensor gate = config.activation.apply(linear(layer, "mlp.gate_proj", z));
    return y.plus(linear(layer, "mlp.down_proj", gate.times(linear(layer, "mlp.up_proj", z))));
  }

  private Tensor attention(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Tensor segments) {
    Axis keyHeads = new Axis("kv_head", config.keyHeads);
    Axis group = new Axis("group", config.heads / config.keyHeads);
    Axis size = new Axis("head_dim", config.headSize);
    Tensor q = linear(layer, "self_attn.q_proj", x).split("attention", keyHeads, group, size);
    Tensor k = linear(layer, "self_attn.k_proj", x).split("keys", keyHeads, size);
    Tensor v = linear(layer, "self_attn.v_proj", x).split("keys", keyHeads, size);
    Tensor mixed =
        Attention.causal(rotary.rotate(q, "head_dim"), rotary.rotate(k, "head_dim"), v, segments);
    return linear(
        layer,
        "self_attn.o_proj",
        mixed.merge(List.of("kv_head", "group", "head_dim"), "attention"));
  }

  private ParamMap<ParameterSpec> linear(String name, Axis out, Axis in, boolean bias) {
    ParamMap<ParameterSpec> weight =
        ParamMap.<ParameterSpec>empty()
            .plus(name + ".weight", ParameterSpec.normal(config.initializerRange, out, in));
    return bias ? weight.plus(name + ".bias", ParameterSpec.constant(0, out)) : weight;
  }

  private static Tensor linear(ParamMap<Tensor> layer, String name, Tensor x) {
    Tensor weight = layer.get(name + ".weight");
    return layer.has(name + ".bias")
        ? Layers.linear(x, weight, layer.get(name + ".bias"))
        : Layers.linear(x, weight);
  }
}
