package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An input or output of an exported program.
 *
 * @param name by which it is given and read
 * @param role what it is
 * @param dtype its element type
 * @param axes in the order in which they lie in memory
 * @param sharding for each axis the mesh axes that it is split over, the outermost first; none is
 *     split where there is one device
 */
public record ExportedArray(
    String name, Role role, DType dtype, List<Dimension> axes, List<List<String>> sharding) {

  /**
   * An axis.
   *
   * @param name what it means
   * @param size its number of positions, which may depend on the program's symbols
   */
  public record Dimension(String name, SizePolynomial size) {}

  /** An array with an entry for each axis. */
  public ExportedArray {
    axes = List.copyOf(axes);
    sharding = sharding.stream().map(List::copyOf).toList();
    if (sharding.size() != axes.size()) {
      throw new IllegalArgumentException(
          "array '%s': expected an entry for each of %s, got %s".formatted(name, axes, sharding));
    }
  }

  /** One of known sizes. */
  public static ExportedArray of(String name, Role role, Shape shape, List<List<String>> sharding) {
    return new ExportedArray(
        name,
        role,
        shape.dtype(),
        shape.axes().stream()
            .map(axis -> new Dimension(axis.name(), SizePolynomial.constant(axis.size())))
            .toList(),
        sharding);
  }

  /** The same with other sizes, one for each axis. */
  ExportedArray sized(List<SizePolynomial> sizes) {
    List<Dimension> sized = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      sized.add(new Dimension(axes.get(i).name(), sizes.get(i)));
    }
    return new ExportedArray(name, role, dtype, sized, sharding);
  }

  /** Whether it is a number. */
  public boolean isScalar() {
    return axes.isEmpty();
  }

  /** Its sizes. */
  public List<SizePolynomial> sizes() {
    return axes.stream().map(Dimension::size).toList();
  }

  /** Its type and axes, where no size depends on a symbol. */
  public Shape shape() {
    return shape(Sizes.NONE);
  }

  /**
   * Its type and axes.
   *
   * @param sizes of symbols
   */
  Shape shape(Sizes sizes) {
    List<Axis> known = new ArrayList<>();
    axes.forEach(axis -> known.add(new Axis(axis.name(), Math.toIntExact(axis.size().at(sizes)))));
    return new Shape(dtype, known);
  }

  /** The same with sizes for the symbols. */
  ExportedArray at(Sizes sizes) {
    return of(name, role, shape(sizes), sharding);
  }

  /** The type and sizes much as StableHLO writes them: {@code tensor<8x128xi32>}. */
  public String type() {
    return axes.stream()
        .map(axis ->
            (axis.size().constant().isPresent() ? axis.size() : "(" + axis.size() + ")") + "x")
        .collect(Collectors.joining("", "tensor<", dtype.mlir() + ">"));
  }
}
