package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Elementwise nonlinearities, by the names that Hugging Face configurations use. */
public enum Activation {
  /** x·Φ(x) (Hendrycks and Gimpel 2016). */
  GELU,
  /** The tanh approximation of {@link #GELU}: GPT-2's name for it, and Gemma's. */
  GELU_TANH,
  /** x·σ(x), also called swish (Ramachandran et al. 2017). */
  SILU,
  /** max(x, 0). */
  RELU,
  /** max(x, 0)² (So et al. 2021, "Primer", section 4). */
  RELU2;

  private static final double CUBIC = 0.044715;
  private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

  /** The activation of that name, where there is one. */
  public static Optional<Activation> named(String name) {
    return Arrays.stream(values()).filter(known -> known.hubNames().contains(name)).findFirst();
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return Arrays.stream(values()).flatMap(known -> known.hubNames().stream()).toList();
  }

  private List<String> hubNames() {
    return switch (this) {
      case GELU -> List.of("gelu");
      case GELU_TANH -> List.of("gelu_new", "gelu_pytorch_tanh");
      case SILU -> List.of("silu", "swish");
      case RELU -> List.of("relu");
      case RELU2 -> List.of("relu2");
    };
  }

  /** Applies it to every element. */
  public Tensor apply(Tensor x) {
    return switch (this) {
      case GELU -> {
        Tensor normal = x.times(Math.sqrt(0.5)).unary(UnaryKind.ERF).plus(1);
        yield x.times(0.5).times(normal);
      }
      case GELU_TANH -> {
        Tensor inner = x.plus(x.times(x.square()).times(CUBIC)).times(ROOT_TWO_OVER_PI);
        yield x.times(0.5).times(inner.tanh().plus(1));
      }
      case SILU -> x.times(x.logistic());
      case RELU -> Tensors.maximum(x, Tensors.zerosLike(x));
      case RELU2 -> RELU.apply(x).square();
    };
  }
}
