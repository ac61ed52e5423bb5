package dev.hlotune.hlo.models;

import static java.util.Map.entry;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.Context;
import dev.hlotune.hlo.nn.Heads;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layers;
import dev.hlotune.hlo.nn.Linear;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Part;
import dev.hlotune.hlo.nn.Rope;
import dev.hlotune.hlo.nn.RopeScaling;
import dev.hlotune.hlo.nn.Rotary;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * nanochat's GPT (Karpathy 2025) as it was until 10 January 2026: no weights in norms and no
 * biases, a norm after the embedding and of queries and keys after their rotation, squared ReLU,
 * and bounded logits.
 *
 * <p>A checkpoint of nanochat's own is described by its keys ({@code n_embd} …) and has its names
 * ({@code transformer.h.0.attn.c_q.weight} …); transformers' model of that name has Llama's keys
 * and names. The two differ in epsilon and in the precision of the rotation.
 *
 * @param angles the type that cosine and sine are rounded to
 * @param epsilon of all norms
 * @param output attention's way back to the residual
 * @param up the MLP's first projection
 * @param down its second
 */
public record NanoChat(
    Vocabulary words,
    int maxPositions,
    LayerStack stack,
    Rope rope,
    DType angles,
    double epsilon,
    Heads heads,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    Linear up,
    Activation activation,
    Linear down)
    implements CausalModel {
  private static final String EMBED = "embed";

  /** As nanochat's {@code GPTConfig}. */
  private static final Map<String, Object> OWN_DEFAULTS =
      Map.of(
          "sequence_len", 1024,
          "vocab_size", 50304,
          "n_layer", 12,
          "n_head", 6,
          "n_kv_head", 6);

  /** As transformers' {@code NanoChatConfig}. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("vocab_size", 50304),
          entry("hidden_size", 768),
          entry("intermediate_size", 8192),
          entry("num_hidden_layers", 12),
          entry("num_attention_heads", 6),
          entry("hidden_act", "relu2"),
          entry("max_position_embeddings", 2048),
          entry("rms_norm_eps", 1e-6),
          entry("rope_theta", 10000.0),
          entry("final_logit_softcapping", 15.0));

  /** The model that a configuration of either spelling describes. */
  public static NanoChat of(ModelConfig json, Layout layout) {
    return json.has("n_embd")
        ? ofCheckpoint(json.withDefaults(OWN_DEFAULTS), layout)
        : ofTransformers(json.withDefaults(DEFAULTS), layout);
  }

  private static NanoChat ofCheckpoint(ModelConfig json, Layout layout) {
    json.requireNone("window_pattern", "none, as nanochat was before it had windows");
    int width = json.integer("n_embd");
    int queries = json.integer("n_head");
    json.requireDivides("n_head", queries, "n_embd", width);
    json.requireDivides("n_kv_head", json.integer("n_kv_head"), "n_head", queries);
    Heads heads = new Heads(queries, json.integer("n_kv_head"), width / queries);
    Axis embed = new Axis(EMBED, width);
    Axis mlp = new Axis("mlp", 4 * width);
    int words = json.integer("vocab_size");
    Initializer spread = new Initializer.Uniform(Math.sqrt(3.0 / width));
    Initializer zero = new Initializer.Constant(0);
    return new NanoChat(
        new Vocabulary(
            "transformer.wte.weight",
            "lm_head.weight",
            words,
            Math.ceilDiv(words, 64) * 64,
            embed,
            false,
            1,
            0.001,
            OptionalDouble.of(15)),
        10 * json.integer("sequence_len"),
        layout.stack("transformer.h", json.integer("n_layer")),
        new Rope(heads.size(), 10000, new RopeScaling.None()),
        DType.BF16,
        // What torch takes for f32 where none is given.
        Math.ulp(1f),
        heads,
        linear("attn.c_q", heads.queryAxis(), embed, spread),
        linear("attn.c_k", heads.keyAxis(), embed, spread),
        linear("attn.c_v", heads.keyAxis(), embed, spread),
        linear("attn.c_proj", embed, heads.queryAxis(), zero),
        linear("mlp.c_fc", mlp, embed, spread),
        Activation.RELU2,
        linear("mlp.c_proj", embed, mlp, zero));
  }

  private static NanoChat ofTransformers(ModelConfig json, Layout layout) {
    DecoderSizes sizes = DecoderSizes.of(json);
    Heads heads = sizes.heads();
    Axis embed = sizes.embed();
    boolean biased = json.flag("attention_bias");
    double output = sizes.deviation() / Math.sqrt(2.0 * sizes.layers());
    return new NanoChat(
        sizes.words().capped(json.optionalNumber("final_logit_softcapping")),
        sizes.maxPositions(),
        layout.stack("model.layers", sizes.layers()),
        RopeConfig.of(json, heads.size()),
        DType.F32,
        sizes.epsilon(),
        heads,
        sizes.linear("self_attn.q_proj", heads.queryAxis(), embed, biased),
        sizes.linear("self_attn.k_proj", heads.keyAxis(), embed, biased),
        sizes.linear("self_attn.v_proj", heads.keyAxis(), embed, biased),
        Linear.of("self_attn.o_proj", embed, heads.queryAxis(), biased, output),
        sizes.linear("mlp.fc1", sizes.inner(), embed, false),
        json.activation("hidden_act"),
        sizes.linear("mlp.fc2", embed, sizes.inner(), false));
  }

  private static Linear linear(String name, Axis out, Axis in, Initializer first) {
    return new Linear(name, List.of(out, in), in, Optional.empty(), first);
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    return words.parameters(stack.parameters(Part.all(query, key, value, output, up, down)));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    // nanochat turns the other way round than all others.
    Rotary rotary = rope.at(inputs.positions(), inputs.context()).rounded(angles).reversed();
    Tensor x = norm(words.embed(weights, inputs.tokens()), EMBED);
    Tensor y =
        stack.apply(
            weights, x, inputs.context(), (layer, h) -> block(layer, h, rotary, inputs.context()));
    return norm(y, EMBED);
  }

  private Tensor block(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Tensor y = x.plus(attention(layer, norm(x, EMBED), rotary, context));
    Tensor hidden = activation.apply(up.apply(layer, norm(y, EMBED)));
    return y.plus(down.apply(layer, hidden));
  }

  private Tensor attention(ParamMap<Tensor> layer, Tensor x, Rotary rotary, Context context) {
    Tensor q = placed(heads.splitQueries(query.apply(layer, x)), rotary);
    Tensor k = placed(heads.splitKeys(key.apply(layer, x)), rotary);
    Tensor v = heads.splitKeys(value.apply(layer, x));
    Tensor mixed = Attention.of(heads.size()).apply(layer, q, k, v, context);
    return output.apply(layer, heads.merge(mixed));
  }

  private Tensor placed(Tensor x, Rotary rotary) {
    return heads.settled(norm(rotary.rotate(x, Heads.SIZE), Heads.SIZE));
  }

  private Tensor norm(Tensor x, String axis) {
    return Layers.rmsNorm(x, axis, epsilon);
  }
}
