package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layers;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import java.util.List;

/**
 * GPT-2 (Radford et al. 2019): learned positions, pre-norm blocks, a head tied to the embedding.
 * Weights of its linear layers are stored {@code [in, out]}.
 */
public record Gpt2(Config config) implements CausalModel {
  private static final String EMBEDDING = "transformer.wte.weight";
  private static final String POSITIONS = "transformer.wpe.weight";
  private static final String HEAD = "lm_head.weight";

  /**
   * What {@code config.json} says.
   *
   * @param width {@code n_embd}
   * @param inner width of the hidden layer of the MLP, {@code n_inner} or 4·width
   */
  public record Config(
      int vocabulary,
      int maxPositions,
      int width,
      int layers,
      int heads,
      int inner,
      Activation activation,
      double epsilon,
      double initializerRange,
      boolean tied,
      LayerStack stack) {

    /** Reads a Hugging Face configuration. */
    static Config of(ModelConfig json, Layout layout) {
      int width = json.integer("n_embd", 768);
      int layers = json.integer("n_layer", 12);
      int heads = json.integer("n_head", 12);
      json.requireDivides("n_head", heads, "n_embd", width);
      json.requireValue("scale_attn_weights", true);
      json.requireValue("scale_attn_by_inverse_layer_idx", false);
      json.requireValue("add_cross_attention", false);
      return new Config(
          json.integer("vocab_size", 50257),
          json.integer("n_positions", 1024),
          width,
          layers,
          heads,
          json.integer("n_inner", 4 * width),
          Activation.named(json.text("activation_function", "gelu_new")),
          json.number("layer_norm_epsilon", 1e-5),
          json.number("initializer_range", 0.02),
          json.flag("tie_word_embeddings", true),
          new LayerStack("transformer.h", layers, layout.layering(), layout.remat()));
    }
  }

  /** The model that a configuration describes. */
  public static Gpt2 of(ModelConfig json, Layout layout) {
    return new Gpt2(Config.of(json, layout));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    double std = config.initializerRange;
    // Projections into the residual start smaller, by the number of them (GPT-2 paper, 2.3).
    double projection = std / Math.sqrt(2.0 * config.layers);
    Axis embed = new Axis("embed", config.width);
    Axis attention = new Axis("attention", config.width);
    Axis mlp = new Axis("mlp", config.inner);
    Axis vocabulary = new Axis("vocab", config.vocabulary);
    ParamMap<ParameterSpec> layer =
        ParamMap.<ParameterSpec>empty()
            .plus(norm("ln_1", embed))
            .plus("attn.c_attn.weight", ParameterSpec.normal(std, embed, qkv()))
            .plus("attn.c_attn.bias", ParameterSpec.constant(0, qkv()))
            .plus("attn.c_proj.weight", ParameterSpec.normal(projection, attention, embed))
            .plus("attn.c_proj.bias", ParameterSpec.constant(0, embed))
            .plus(norm("ln_2", embed))
            .plus("mlp.c_fc.weight", ParameterSpec.normal(std, embed, mlp))
            .plus("mlp.c_fc.bias", ParameterSpec.constant(0, mlp))
            .plus("mlp.c_proj.weight", ParameterSpec.normal(projection, mlp, embed))
            .plus("mlp.c_proj.bias", ParameterSpec.constant(0, embed));
    ParamMap<ParameterSpec> all =
        ParamMap.<ParameterSpec>empty()
            .plus(EMBEDDING, ParameterSpec.normal(std, vocabulary, embed))
            .plus(
                POSITIONS,
                ParameterSpec.normal(std, new Axis("position", config.maxPositions), embed))
            .plus(config.stack.parameters(layer))
            .plus(norm("transformer.ln_f", embed));
    return config.tied ? all : all.plus(HEAD, ParameterSpec.normal(std, vocabulary, embed));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    Tensor x =
        Layers.embedding(weights.get(EMBEDDING), "vocab", inputs.tokens())
            .plus(Layers.embedding(weights.get(POSITIONS), "position", inputs.positions()));
    Tensor y =
        config.stack.apply(weights, x, (layer, hidden) -> block(layer, hidden, inputs.segments()));
    return norm(weights, "transformer.ln_f", y);
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

  private Tensor block(ParamMap<Tensor> layer, Tensor x, Tensor segments) {
    Tensor y = x.plus(attention(layer, norm(layer, "ln_1", x), segments));
    Tensor hidden =
        Layers.linear(
            norm(layer, "ln_2", y), layer.get("mlp.c_fc.weight"), layer.get("mlp.c_fc.bias"));
    return y.plus(
        Layers.linear(
            config.activation.apply(hidden),
            layer.get("mlp.c_proj.weight"),
            layer.get("mlp.c_proj.bias")));
  }

  private Tensor attention(ParamMap<Tensor> layer, Tensor x, Tensor segments) {
    Tensor all =
        Layers.linear(x, layer.get("attn.c_attn.weight"), layer.get("attn.c_attn.bias"))
            .split("qkv", new Axis("part", 3), new Axis("attention", config.width));
    Tensor q = heads(all.at("part", 0), true);
    Tensor k = heads(all.at("part", 1), false);
    Tensor v = heads(all.at("part", 2), false);
    Tensor mixed =
        Attention.causal(q, k, v, segments)
            .merge(List.of("kv_head", "group", "head_dim"), "attention");
    return Layers.linear(mixed, layer.get("attn.c_proj.weight"), layer.get("attn.c_proj.bias"));
  }

  /** {@code [batch, seq, attention]} by heads; queries have a group of one to each key. */
  private Tensor heads(Tensor x, boolean grouped) {
    Axis heads = new Axis("kv_head", config.heads);
    Axis size = new Axis("head_dim", config.width / config.heads);
    return grouped
        ? x.split("attention", heads, new Axis("group", 1), size)
        : x.split("attention", heads, size);
  }

  private Axis qkv() {
    return new Axis("qkv", 3 * config.width);
  }

  private static ParamMap<ParameterSpec> norm(String name, Axis axis) {
    return ParamMap.<ParameterSpec>empty()
        .plus(name + ".weight", ParameterSpec.constant(1, axis))
        .plus(name + ".bias", ParameterSpec.constant(0, axis));
  }

  private Tensor norm(ParamMap<Tensor> weights, String name, Tensor x) {
    return Layers.layerNorm(
        x, "embed", weights.get(name + ".weight"), weights.get(name + ".bias"), config.epsilon);
  }
}
