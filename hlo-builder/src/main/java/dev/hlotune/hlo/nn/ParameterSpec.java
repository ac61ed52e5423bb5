package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What a model says of one weight.
 *
 * @param shape axes in the order in which the weight is stored
 * @param initializer how it starts without a checkpoint
 * @param input the axis that a linear layer multiplies away; empty for weights that are no linear
 *     layer's
 */
public record ParameterSpec(Shape shape, Initializer initializer, Optional<String> input) {
  /** A weight that is no linear layer's. */
  public ParameterSpec(Shape shape, Initializer initializer) {
    this(shape, initializer, Optional.empty());
  }

  /** The same with another shape. */
  public ParameterSpec withShape(Shape other) {
    return new ParameterSpec(other, initializer, input);
  }

  /**
   * Whether it is a linear layer's and stored {@code [in, out]}, as a Conv1D of GPT-2 is; the axis
   * of a stack is not counted.
   */
  public boolean isInputFirst() {
    Shape one = shape.without(List.of(LayerStack.AXIS));
    return input.filter(axis -> one.indexOf(axis) == 0).isPresent();
  }

  /** An f32 weight drawn from a normal distribution. */
  public static ParameterSpec normal(double standardDeviation, Axis... axes) {
    return new ParameterSpec(Shape.of(DType.F32, axes), new Initializer.Normal(standardDeviation));
  }

  /** An f32 weight that starts at one value. */
  public static ParameterSpec constant(double value, Axis... axes) {
    return new ParameterSpec(Shape.of(DType.F32, axes), new Initializer.Constant(value));
  }
}
