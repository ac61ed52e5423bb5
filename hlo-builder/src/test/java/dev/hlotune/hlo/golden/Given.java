package dev.hlotune.hlo.golden;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;

/** Axes and parameters that the programs share. */
final class Given {
  static final Axis I = new Axis("i", 2);
  static final Axis J = new Axis("j", 3);
  static final Axis K = new Axis("k", 4);
  static final Axis L = new Axis("l", 6);

  private Given() {}

  static Tensor parameter(String name, DType dtype, Axis... axes) {
    return Tensors.parameter(name, Shape.of(dtype, axes));
  }

  static Tensor floats(String name, Axis... axes) {
    return parameter(name, DType.F32, axes);
  }

  static Tensor integers(String name, Axis... axes) {
    return parameter(name, DType.I32, axes);
  }

  static Tensor booleans(String name, Axis... axes) {
    return parameter(name, DType.BOOL, axes);
  }
}
