package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What turns states into logits: a matrix, perhaps an adapter of it, and in some families a bound
 * that logits approach.
 *
 * @param weight {@code [vocab, embed]}
 * @param trained whether a gradient of the weight is wanted
 * @param adapter what is added to the weight
 * @param cap c in c·tanh(z/c) (Gemma 2 report, 2024, section 2)
 */
public record Head(Tensor weight, boolean trained, Optional<Adapter> adapter, OptionalDouble cap) {
  static final String VOCABULARY = "vocab";
  static final String EMBED = "embed";

  /**
   * A low-rank addition.
   *
   * @param layer its names
   * @param weights the model's
   * @param up {@code [vocab, rank]}, with the scale in it
   */
  public record Adapter(LowRank layer, ParamMap<Tensor> weights, Tensor up) {}

  /**
   * States and what they are multiplied with; logits are the sum of the products.
   *
   * @param states have the axis that both share
   * @param weight {@code [vocab, axis]}
   * @param axis the axis that both share
   * @param trained whether a gradient of the weight is wanted
   */
  record Term(Tensor states, Tensor weight, String axis, boolean trained) {
    Term withStates(Tensor others) {
      return new Term(others, weight, axis, trained);
    }

    Term withWeight(Tensor other) {
      return new Term(states, other, axis, trained);
    }

    Tensor product() {
      return states.dot(weight, DType.F32, List.of(axis));
    }

    /** The gradient by the states. */
    Tensor stateGradient(Tensor byLogits) {
      return byLogits.dot(weight, VOCABULARY);
    }

    /**
     * The gradient by the weight in f32.
     *
     * @param positions axis of the states that is summed over
     */
    Tensor weightGradient(Tensor byLogits, String positions) {
      return byLogits.dot(states, DType.F32, List.of(positions));
    }
  }

  /** A matrix alone, of which a gradient is wanted. */
  public static Head of(Tensor weight, OptionalDouble cap) {
    return new Head(weight, true, Optional.empty(), cap);
  }

  /** The same with a weight that gets no gradient. */
  public Head frozen() {
    return new Head(weight, false, adapter, cap);
  }

  /**
   * Logits of every word in f32.
   *
   * @param hidden has {@code embed}, in whose place {@code vocab} stands
   */
  public Tensor logits(Tensor hidden) {
    return bounded(terms(hidden));
  }

  /** The bounded logits of such terms. */
  Tensor bounded(List<Term> terms) {
    Tensor product = product(terms);
    return bounded(product, squashed(product));
  }

  /** What is multiplied with what. */
  List<Term> terms(Tensor hidden) {
    List<Term> terms = new ArrayList<>();
    terms.add(new Term(hidden, weight, EMBED, trained));
    adapter.ifPresent(own ->
        terms.add(
            new Term(
                own.layer().down(own.weights(), hidden, EMBED), own.up(), LowRank.RANK, true)));
    return terms;
  }

  /** Logits before they are bounded. */
  static Tensor product(List<Term> terms) {
    return terms.stream().map(Term::product).reduce(Tensor::plus).orElseThrow();
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
