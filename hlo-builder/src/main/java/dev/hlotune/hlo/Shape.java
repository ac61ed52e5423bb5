package dev.hlotune.hlo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The axes of a tensor and its element type.
 *
 * <p>Operations look at the <em>set</em> of axes; the order says how a parameter or a result lies
 * in memory (row-major, the last axis contiguous) and how a shape prints.
 *
 * @param dtype element type
 * @param axes distinct names, outermost first; empty for a scalar
 */
public record Shape(DType dtype, List<Axis> axes) {
  public Shape {
    axes = List.copyOf(axes);
    Set<String> seen = new HashSet<>();
    for (Axis axis : axes) {
      if (!seen.add(axis.name())) {
        throw new ShapeException("shape: expected distinct axes, got " + axes);
      }
    }
  }

  public static Shape of(DType dtype, Axis... axes) {
    return new Shape(dtype, Arrays.asList(axes));
  }

  /** The axis of that name, or a {@link ShapeException} that lists those there are. */
  public Axis axis(String name) {
    return axes.get(indexOf(name));
  }

  /** Position of the axis of that name in {@link #axes}. */
  public int indexOf(String name) {
    for (int i = 0; i < axes.size(); i++) {
      if (axes.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new ShapeException("axis \"" + name + "\": expected one of " + axes);
  }

  public boolean has(String name) {
    for (Axis axis : axes) {
      if (axis.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  public int rank() {
    return axes.size();
  }

  /** Number of elements. */
  public long elements() {
    long product = 1;
    for (Axis axis : axes) {
      product = Math.multiplyExact(product, axis.size());
    }
    return product;
  }

  /** Bytes of all elements. */
  public long bytes() {
    return elements() * dtype.bytes();
  }

  public List<String> names() {
    return axes.stream().map(Axis::name).toList();
  }

  /** Sizes in the order of the axes. */
  public long[] sizes() {
    return axes.stream().mapToLong(Axis::size).toArray();
  }

  public Shape withDtype(DType other) {
    return new Shape(other, axes);
  }

  public Shape withAxes(List<Axis> others) {
    return new Shape(dtype, others);
  }

  /** This shape less the named axes. */
  public Shape without(Collection<String> names) {
    return withAxes(axes.stream().filter(axis -> !names.contains(axis.name())).toList());
  }

  /** This shape with one axis exchanged in place. */
  public Shape replace(String name, Axis replacement) {
    List<Axis> replaced = new ArrayList<>(axes);
    replaced.set(indexOf(name), replacement);
    return withAxes(replaced);
  }

  /** This shape with axes put at its end. */
  public Shape append(Axis... further) {
    List<Axis> longer = new ArrayList<>(axes);
    longer.addAll(Arrays.asList(further));
    return withAxes(longer);
  }

  /** This shape with an axis put in front. */
  public Shape prepend(Axis axis) {
    List<Axis> longer = new ArrayList<>(axes.size() + 1);
    longer.add(axis);
    longer.addAll(axes);
    return withAxes(longer);
  }

  /** Whether both have the same axes, in any order; element types are not compared. */
  public boolean sameAxes(Shape other) {
    return axes.equals(other.axes)
        || (axes.size() == other.axes.size() && new HashSet<>(axes).containsAll(other.axes));
  }

  @Override
  public String toString() {
    return dtype.mlir()
        + axes.stream().map(Axis::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
