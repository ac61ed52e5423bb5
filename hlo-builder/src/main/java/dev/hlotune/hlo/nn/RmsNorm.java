package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Tensor;

/**
 * Root-mean-square normalization with a gain, {@code NAME.weight}.
 *
 * @param name what the weight's name begins with
 * @param axis what is normalized over
 * @param epsilon added to the mean of the squares
 * @param gain what the weight means
 */
public record RmsNorm(String name, Axis axis, double epsilon, Gain gain) implements Part {
  /** What a norm's weight means. */
  public enum Gain {
    /** The factor itself, multiplied in the type that the model computes in. */
    WEIGHT,
    /** The factor less one, multiplied in f32, as Gemma has it. */
    ONE_PLUS_WEIGHT
  }

  /** A norm whose weight is the factor itself. */
  public static RmsNorm of(String name, Axis axis, double epsilon) {
    return new RmsNorm(name, axis, epsilon, Gain.WEIGHT);
  }

  /** The same with a weight that is the factor less one. */
  public RmsNorm onePlus() {
    return new RmsNorm(name, axis, epsilon, Gain.ONE_PLUS_WEIGHT);
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    double neutral = gain == Gain.WEIGHT ? 1 : 0;
    return ParamMap.<ParameterSpec>empty()
        .plus(name + ".weight", ParameterSpec.constant(neutral, axis));
  }

  /** {@code x}, normalized over the axis of the same name and size. */
  public Tensor apply(ParamMap<Tensor> weights, Tensor x) {
    Tensor weight = weights.get(name + ".weight");
    return switch (gain) {
      case WEIGHT -> Layers.rmsNorm(x, axis.name(), epsilon).times(weight.like(x));
      case ONE_PLUS_WEIGHT -> {
        Tensor normal = Layers.wideRmsNorm(x, axis.name(), epsilon);
        Tensor factor = weight.convert(normal.dtype()).plus(1);
        yield normal.times(factor.like(normal)).convert(x.dtype());
      }
    };
  }
}
