package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A printed value.
 *
 * @param name SSA name, such as {@code %7} or {@code %9#1}
 * @param dtype element type
 * @param order its dimensions, outermost first: the only place where axes have positions
 */
record Value(String name, DType dtype, List<Axis> order) {
  Value {
    order = List.copyOf(order);
  }

  /** The MLIR type, such as {@code tensor<4x8xf32>}. */
  String type() {
    return type(dtype, order);
  }

  int position(String axis) {
    return new Shape(dtype, order).indexOf(axis);
  }

  static String type(DType dtype, List<Axis> order) {
    return order.stream()
        .map(axis -> axis.size() + "x")
        .collect(Collectors.joining("", "tensor<", dtype.mlir() + ">"));
  }
}
