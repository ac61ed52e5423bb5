package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.ShapeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Devices laid out as a grid with named axes. They are numbered row by row: those that differ in
 * the last axis only are neighbours.
 *
 * @param axes names and sizes, the outermost first; none for one device. An axis of size 1 can be
 *     named by rules and splits nothing
 */
public record Mesh(List<Axis> axes) {
  /**
   * A mesh.
   *
   * @throws ShapeException for two axes of one name
   */
  public Mesh {
    axes = List.copyOf(axes);
    Set<String> names = new HashSet<>();
    for (Axis axis : axes) {
      if (!names.add(axis.name())) {
        throw new ShapeException("mesh: expected distinct axes, got " + axes);
      }
    }
  }

  /** A mesh of these axes. */
  public static Mesh of(Axis... axes) {
    return new Mesh(List.of(axes));
  }

  /** The product of the sizes. */
  public int deviceCount() {
    return axes.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
  }

  /** Whether there is an axis of that name. */
  public boolean has(String name) {
    return axes.stream().anyMatch(axis -> axis.name().equals(name));
  }

  /** The size of the axis of that name, or a {@link ShapeException} that lists those there are. */
  public int size(String name) {
    return axes.get(indexOf(name)).size();
  }

  /**
   * Where a device stands along an axis.
   *
   * @param device its number in the mesh
   * @param name the axis
   */
  public int coordinate(int device, String name) {
    int index = indexOf(name);
    int stride =
        axes.subList(index + 1, axes.size()).stream()
            .mapToInt(Axis::size)
            .reduce(1, (a, b) -> a * b);
    return device / stride % axes.get(index).size();
  }

  private int indexOf(String name) {
    for (int index = 0; index < axes.size(); index++) {
      if (axes.get(index).name().equals(name)) {
        return index;
      }
    }
    throw new ShapeException("mesh axis \"" + name + "\": expected one of " + axes);
  }
}
