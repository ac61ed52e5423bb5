package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Shape;
import java.util.List;

/**
 * An input or output of an exported program.
 *
 * @param name by which it is given and read
 * @param role what it is
 * @param shape its element type and its axes, in the order in which they lie in memory
 * @param sharding for each axis the mesh axes that it is split over, the outermost first; none is
 *     split where there is one device
 */
public record ExportedArray(String name, Role role, Shape shape, List<List<String>> sharding) {
  /** An array with an entry for each axis. */
  public ExportedArray {
    sharding = sharding.stream().map(List::copyOf).toList();
    if (sharding.size() != shape.rank()) {
      throw new IllegalArgumentException(
          "array '%s': expected an entry for each of %s, got %s"
              .formatted(name, shape.axes(), sharding));
    }
  }

  /** The type and sizes as StableHLO writes them: {@code tensor<8x128xi32>}. */
  public String type() {
    StringBuilder text = new StringBuilder("tensor<");
    for (long size : shape.sizes()) {
      text.append(size).append('x');
    }
    return text.append(shape.dtype().mlir()).append('>').toString();
  }
}
