package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Elementwise nonlinearities, by the names that Hugging Face configurations use. */
public enum Activation {
  /** x·Φ(x) (Hendrycks and Gimpel 2016). */
  GELU("gelu"),
  /** The tanh approximation of {@link #GELU}, as GPT-2 has it. */
  GELU_NEW("gelu_new"),
  /** The same function under Gemma's name. */
  GELU_PYTORCH_TANH("gelu_pytorch_tanh"),
  /** x·σ(x), also called swish (Ramachandran et al. 2017). */
  SILU("silu"),
  /** max(x, 0). */
  RELU("relu");

  private static final double CUBIC = 0.044715;
  private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

  private final String hubName;

  Activation(String hubName) {
    this.hubName = hubName;
  }

  /** The activation of that name. */
  public static Activation named(String name) {
    return Arrays.stream(values())
        .filter(activation -> activation.hubName.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ShapeException(
                "activation \""
                    + name
                    + "\": expected one of "
                    + Arrays.stream(values())
                        .map(activation -> activation.hubName)
                        .collect(Collectors.joining(", "))));
  }

  /** Applies it to every element. */
  public Tensor apply(Tensor x) {
    return switch (this) {
      case GELU -> {
        Tensor normal = x.times(Math.sqrt(0.5)).unary(UnaryKind.ERF).plus(1);
        yield x.times(0.5).times(normal);
      }
      case GELU_NEW, GELU_PYTORCH_TANH -> {
        Tensor inner = x.plus(x.times(x.square()).times(CUBIC)).times(ROOT_TWO_OVER_PI);
        yield x.times(0.5).times(inner.tanh().plus(1));
      }
      case SILU -> x.times(x.logistic());
      case RELU -> Tensors.maximum(x, Tensors.zerosLike(x));
    };
  }
}
