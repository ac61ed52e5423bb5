package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import java.util.List;

/** Reshapes that move nothing in memory. */
final class Reshapes {
  private Reshapes() {}

  /** The same elements in the same row-major order under other dimensions. */
  static Value to(Writer writer, Value value, List<Axis> order) {
    List<Integer> sizes = value.order().stream().map(Axis::size).toList();
    if (sizes.equals(order.stream().map(Axis::size).toList())) {
      return new Value(value.name(), value.dtype(), order);
    }
    return writer.apply(value.dtype(), order, "stablehlo.reshape", List.of(value), "");
  }
}
