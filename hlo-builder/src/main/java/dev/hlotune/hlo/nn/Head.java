package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What turns states into logits: a matrix, and in some families a bound that logits approach.
 *
 * @param weight {@code [vocab, embed]}
 * @param cap c in c·tanh(z/c) (Gemma 2 report, 2024, section 2)
 */
public record Head(Tensor weight, OptionalDouble cap) {
  static final String VOCABULARY = "vocab";
  static final String EMBED = "embed";

  /** A head without a bound. */
  public static Head of(Tensor weight) {
    return new Head(weight, OptionalDouble.empty());
  }

  /**
   * Logits of every word in f32.
   *
   * @param hidden has {@code embed}, in whose place {@code vocab} stands
   */
  public Tensor logits(Tensor hidden) {
    Tensor product = product(hidden);
    return bounded(product, squashed(product));
  }

  /** Logits before they are bounded. */
  Tensor product(Tensor hidden) {
    return hidden.dot(weight, DType.F32, List.of(EMBED));
  }

  /** tanh(z/c) of logits before they are bounded, where there is a bound. */
  Optional<Tensor> squashed(Tensor product) {
    return cap.isPresent()
        ? Optional.of(product.dividedBy(cap.getAsDouble()).tanh())
        : Optional.empty();
  }

  /** The bounded logits. */
  Tensor bounded(Tensor product, Optional<Tensor> squashed) {
    return squashed.map(small -> small.times(cap.orElseThrow())).orElse(product);
  }
}
