package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Context;
import dev.hlotune.hlo.nn.Head;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.RowContext;
import dev.hlotune.hlo.nn.Spread;
import dev.hlotune.hlo.nn.Vocabulary;

/**
 * A decoder that predicts the next token. Weights stay outside: a model is a function of them, so
 * that the same model serves training, evaluation and any subset of trained weights.
 */
public interface CausalModel {
  /** Every weight by its Hugging Face name, in the order in which programs take them. */
  ParamMap<ParameterSpec> parameters();

  /**
   * The states that the head multiplies.
   *
   * @param weights one tensor for each of {@link #parameters}
   * @return {@code [batch, seq, embed]}, after the last norm
   */
  Tensor hidden(ParamMap<Tensor> weights, Inputs inputs);

  /** The embedding and the head. */
  Vocabulary words();

  /** The layers. */
  LayerStack stack();

  /**
   * Weights ready for {@link #hidden} and {@link #head}: those beside the layers are put together
   * where a mesh splits them, and layers put together their own.
   */
  default ParamMap<Tensor> ready(ParamMap<Tensor> weights) {
    return weights.map(
        (name, weight) -> stack().owns(name) ? weight : weight.constrain(Role.WEIGHT));
  }

  /** The longest row that positions are defined for. */
  int maxPositions();

  /** What makes logits of {@link #hidden}. */
  default Head head(ParamMap<Tensor> weights) {
    return words().head(weights);
  }

  /** How many different tokens there are. */
  default int vocabulary() {
    return words().size();
  }

  /**
   * Token ids and how they hang together.
   *
   * @param tokens ids below {@link #vocabulary}, i32 {@code [batch, seq]}
   * @param positions place within the document, from 0, i32 {@code [batch, seq]}
   * @param context what they see
   */
  record Inputs(Tensor tokens, Tensor positions, Context context) {
    /** Whole rows: equal numbers in {@code segments} may see one another. */
    public Inputs(Tensor tokens, Tensor positions, Tensor segments) {
      this(tokens, positions, segments, Spread.NONE);
    }

    /** The same on several devices. */
    public Inputs(Tensor tokens, Tensor positions, Tensor segments, Spread spread) {
      this(tokens, positions, new RowContext(segments, spread));
    }
  }
}
