package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Splits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where an array lies on a mesh: each dimension is cut into equal blocks along mesh axes. Devices
 * that differ only in other mesh axes hold the same block.
 *
 * @param mesh the mesh
 * @param shape the whole array
 * @param splits for each dimension the mesh axes that it is split over, the outermost first
 */
public record Placement(Mesh mesh, Shape shape, List<List<String>> splits) {
  /**
   * A placement.
   *
   * @throws ShapeException for another number of entries than dimensions, an axis that the mesh
   *     does not have or that is used twice, or a dimension that cannot be cut into equal blocks
   */
  public Placement {
    splits = splits.stream().map(List::copyOf).toList();
    if (splits.size() != shape.rank()) {
      throw new ShapeException(
          "placement of "
              + shape
              + ": expected "
              + shape.rank()
              + " lists of mesh axes, got "
              + splits);
    }
    splits.stream().flatMap(List::stream).forEach(mesh::size);
    Splits.check(mesh.axes(), shape, splits);
  }

  /** The whole array on every device. */
  public static Placement replicated(Mesh mesh, Shape shape) {
    return new AxisRules(mesh, Map.of()).place(shape);
  }

  /** The block that one device holds. */
  public Shape shard() {
    List<Axis> axes = new ArrayList<>();
    for (int dimension = 0; dimension < splits.size(); dimension++) {
      Axis axis = shape.axes().get(dimension);
      axes.add(axis.sized(axis.size() / parts(mesh, splits.get(dimension))));
    }
    return shape.withAxes(axes);
  }

  /** Which block of a dimension a device holds, from 0. */
  int block(int device, int dimension) {
    int block = 0;
    for (String meshAxis : splits.get(dimension)) {
      block = block * mesh.size(meshAxis) + mesh.coordinate(device, meshAxis);
    }
    return block;
  }

  private static int parts(Mesh mesh, List<String> meshAxes) {
    return meshAxes.stream().mapToInt(mesh::size).reduce(1, Math::multiplyExact);
  }

  /** The shape with each split behind its axis: {@code f32[vocab=64, embed=16@fsdp]}. */
  @Override
  public String toString() {
    return IntStream.range(0, splits.size())
        .mapToObj(dimension -> {
          List<String> split = splits.get(dimension);
          return shape.axes().get(dimension)
              + (split.isEmpty() ? "" : "@" + String.join("+", split));
        })
        .collect(Collectors.joining(", ", shape.dtype().mlir() + "[", "]"));
  }
}
