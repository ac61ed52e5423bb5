package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Tensor;

/**
 * Layer normalization, {@code NAME.weight} and {@code NAME.bias}.
 *
 * @param name what its weights' names begin with
 * @param axis what is normalized over
 * @param epsilon added to the variance
 */
public record LayerNorm(String name, Axis axis, double epsilon) implements Part {
  @Override
  public ParamMap<ParameterSpec> parameters() {
    return ParamMap.<ParameterSpec>empty()
        .plus(name + ".weight", ParameterSpec.constant(1, axis))
        .plus(name + ".bias", ParameterSpec.constant(0, axis));
  }

  /** {@code x}, normalized over the axis of the same name and size. */
  public Tensor apply(ParamMap<Tensor> weights, Tensor x) {
    return Layers.layerNorm(
        x, axis.name(), weights.get(name + ".weight"), weights.get(name + ".bias"), epsilon);
  }
}
