package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Locale;
import java.util.Optional;

/**
 * Dropout (Srivastava et al. 2014, section 4): elements become zero with a probability, and the
 * others are divided by what is left of one, in training alone.
 *
 * <p>Probabilities and the key of the random bits stand among the weights under names that all
 * layers share ({@link LayerStack#SHARED}); where they do not, nothing is dropped, and the program
 * is that of a model without dropout. What is dropped depends on the key, the layer, the place in
 * the layer and the position alone, so a step is the same on any number of devices, and a backward
 * pass that computes again drops the same.
 */
public enum Dropout {
  /** Of the embedding of tokens and positions. */
  EMBEDDING,
  /** Of the probabilities of attention. */
  ATTENTION,
  /** Of what a layer adds to the residual. */
  RESIDUAL,
  /** Of what an adapter sees. */
  LORA;

  private static final String HIGH = LayerStack.SHARED + "random.high";
  private static final String LOW = LayerStack.SHARED + "random.low";

  /** Name of the probability among the weights, an f32 scalar from 0 to below 1. */
  public String rate() {
    return LayerStack.SHARED + "dropout." + name().toLowerCase(Locale.ROOT);
  }

  /** Weights that stand for a key. */
  public static ParamMap<Tensor> key(RandomBits.Key key) {
    return ParamMap.<Tensor>empty().plus(HIGH, key.high()).plus(LOW, key.low());
  }

  /** The key among the weights. */
  static Optional<RandomBits.Key> key(ParamMap<Tensor> weights) {
    return weights.has(HIGH)
        ? Optional.of(new RandomBits.Key(weights.get(HIGH), weights.get(LOW)))
        : Optional.empty();
  }

  /**
   * What is left of {@code x}.
   *
   * @param weights of the layer
   * @param place what sets this dropout apart from others of its kind in the layer
   */
  public Tensor apply(ParamMap<Tensor> weights, String place, Tensor x) {
    return find(weights, place, x).orElse(x);
  }

  /** As {@link #apply}; empty where nothing is dropped. */
  Optional<Tensor> find(ParamMap<Tensor> weights, String place, Tensor x) {
    return factors(weights, place, x).map(x::times);
  }

  /**
   * By what each element of {@code x} is multiplied: 0, or the inverse of the part that stays.
   * Empty where nothing is dropped.
   */
  Optional<Tensor> factors(ParamMap<Tensor> weights, String place, Tensor x) {
    if (!weights.has(rate())) {
      return Optional.empty();
    }
    RandomBits.Key key = key(weights).orElseThrow().fold((name() + " " + place).hashCode());
    Tensor stays = weights.get(rate()).negate().plus(1);
    Tensor kept = RandomBits.bernoulli(key, stays, x.shape());
    Tensor factor = Tensors.scalar(DType.F32, 1).dividedBy(stays).convert(x.dtype());
    return Optional.of(kept.select(factor.like(x), Tensors.fill(x.shape(), 0)));
  }
}
