package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small tensors written down in tests, and their values. */
final class Small {
  static final double NAN = Double.NaN;
  static final double INF = Double.POSITIVE_INFINITY;

  private Small() {}

  static Axis axis(String name, int size) {
    return new Axis(name, size);
  }

  static Tensor tensor(DType dtype, List<Axis> axes, double... values) {
    return Tensors.literal(new Shape(dtype, axes), Arrays.stream(values).boxed().toList());
  }

  /** Elements along one axis called {@code i}. */
  static Tensor line(DType dtype, double... values) {
    return tensor(dtype, List.of(axis("i", values.length)), values);
  }

  static Tensor floats(double... values) {
    return line(DType.F32, values);
  }

  /** Two rows ({@code i}) of columns ({@code j}). */
  static Tensor rows(double... values) {
    return tensor(DType.F32, List.of(axis("i", 2), axis("j", values.length / 2)), values);
  }

  static Tensor scalar(DType dtype, double value) {
    return Tensors.scalar(dtype, value);
  }

  static double[] elements(Tensor tensor) {
    return array(tensor).values();
  }

  static NdArray array(Tensor tensor) {
    return Evaluator.evaluate(List.of(tensor), Map.of()).getFirst();
  }
}
