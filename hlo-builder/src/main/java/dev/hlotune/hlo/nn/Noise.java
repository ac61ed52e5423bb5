package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Tensor;

/**
 * Noise on embeddings in training (Jain et al. 2023, "NEFTune", algorithm 1): uniform between plus
 * and minus α/√(length·width), the length that of the row with its padding, as transformers has it.
 */
public final class Noise {
  /** Name of α among the weights, an f32 scalar; without it there is no noise. */
  public static final String ALPHA = LayerStack.SHARED + "neftune.alpha";

  private Noise() {}

  /** Embeddings {@code [batch, seq, embed]} with noise, where there is any. */
  static Tensor on(ParamMap<Tensor> weights, Tensor embedded) {
    if (!weights.has(ALPHA)) {
      return embedded;
    }
    long numbers = (long) embedded.axis("seq").size() * embedded.axis(Head.EMBED).size();
    RandomBits.Key key = Dropout.key(weights).orElseThrow().fold(ALPHA.hashCode());
    Tensor uniform = RandomBits.uniform(key, embedded.shape()).times(2).minus(1);
    Tensor bound = weights.get(ALPHA).dividedBy(Math.sqrt((double) numbers));
    return embedded.plus(uniform.times(bound.like(uniform)).convert(embedded.dtype()));
  }
}
