package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.GatedMlp;
import dev.hlotune.hlo.nn.Heads;
import dev.hlotune.hlo.nn.Linear;
import dev.hlotune.hlo.nn.RmsNorm;
import dev.hlotune.hlo.nn.SelfAttention;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.Optional;

/**
 * The sizes that Llama and its kin have under the same keys, and the parts that follow from them
 * under the names that all of them use.
 *
 * @param vocabulary {@code vocab_size}
 * @param embed {@code hidden_size}, the residual stream
 * @param inner {@code intermediate_size}, the hidden layer of the MLP
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}, {@code num_key_value_heads} and {@code head_dim}
 * @param maxPositions {@code max_position_embeddings}
 * @param epsilon {@code rms_norm_eps}
 * @param deviation {@code initializer_range}
 * @param tied {@code tie_word_embeddings}
 */
record DecoderSizes(
    int vocabulary,
    Axis embed,
    Axis inner,
    int layers,
    Heads heads,
    int maxPositions,
    double epsilon,
    double deviation,
    boolean tied) {
  /** Reads a configuration; without key heads there are as many as query heads. */
  static DecoderSizes of(ModelConfig json) {
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int keyHeads = json.optionalInteger("num_key_value_heads").orElse(heads);
    json.requireDivides("num_key_value_heads", keyHeads, "num_attention_heads", heads);
    if (!json.has("head_dim")) {
      json.requireDivides("num_attention_heads", heads, "hidden_size", width);
    }
    int headSize = json.optionalInteger("head_dim").orElse(width / heads);
    return new DecoderSizes(
        json.integer("vocab_size"),
        new Axis("embed", width),
        new Axis("mlp", json.integer("intermediate_size")),
        json.integer("num_hidden_layers"),
        new Heads(heads, keyHeads, headSize),
        json.integer("max_position_embeddings"),
        json.number("rms_norm_eps"),
        json.optionalNumber("initializer_range").orElse(0.02),
        json.flag("tie_word_embeddings"));
  }

  /** The embedding and the head. */
  Vocabulary words() {
    return Vocabulary.of(
        "model.embed_tokens.weight", "lm_head.weight", vocabulary, embed, tied, deviation);
  }

  /** A norm of the residual stream. */
  RmsNorm norm(String name) {
    return RmsNorm.of(name, embed, epsilon);
  }

  /** A projection. */
  Linear linear(String name, Axis out, Axis in, boolean bias) {
    return Linear.of(name, out, in, bias, deviation);
  }

  /**
   * Attention's projections.
   *
   * @param inputBias whether queries, keys and values have a bias
   * @param outputBias whether the way back to the residual has one
   */
  SelfAttention attention(boolean inputBias, boolean outputBias) {
    return new SelfAttention(
        heads,
        linear("self_attn.q_proj", heads.queryAxis(), embed, inputBias),
        linear("self_attn.k_proj", heads.keyAxis(), embed, inputBias),
        linear("self_attn.v_proj", heads.keyAxis(), embed, inputBias),
        linear("self_attn.o_proj", embed, heads.queryAxis(), outputBias),
        Optional.empty(),
        Optional.empty());
  }

  /** The MLP. */
  GatedMlp mlp(Activation activation, boolean bias) {
    return new GatedMlp(
        linear("mlp.gate_proj", inner, embed, bias),
        linear("mlp.up_proj", inner, embed, bias),
        linear("mlp.down_proj", embed, inner, bias),
        activation);
  }
}
