package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.NdArray;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Points to differentiate at. */
final class Points {
  private Points() {}

  static Axis axis(String name, int size) {
    return new Axis(name, size);
  }

  /** Distinct values between -2 and 2, no two closer than 0.001, none that near to a whole one. */
  static NdArray any(Axis... axes) {
    return spread(-2, 2, axes);
  }

  /** As {@link #any}, between 0.2 and 2. */
  static NdArray positive(Axis... axes) {
    return spread(0.2, 2, axes);
  }

  private static NdArray spread(double least, double most, Axis... axes) {
    Shape shape = Shape.of(DType.F32, axes);
    Random random = new Random(shape.axes().hashCode());
    double[] values = new double[(int) shape.elements()];
    for (int i = 0; i < values.length; ) {
      double value = least + (most - least) * random.nextDouble();
      boolean taken = Arrays.stream(values, 0, i).anyMatch(other -> Math.abs(other - value) < 1e-3);
      if (!taken && Math.abs(value - Math.rint(value)) > 1e-3) {
        values[i++] = value;
      }
    }
    return new NdArray(shape, values);
  }

  static NdArray line(double... values) {
    return NdArray.of(Shape.of(DType.F32, axis("i", values.length)), values);
  }

  static Tensor indices(String axis, double... values) {
    return Tensors.literal(
        Shape.of(DType.I32, axis(axis, values.length)), Arrays.stream(values).boxed().toList());
  }

  static Tensor index(int value) {
    return Tensors.scalar(DType.I32, value);
  }

  static List<Tensor> list(Tensor... tensors) {
    return List.of(tensors);
  }
}
