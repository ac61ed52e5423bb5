package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The elements of a tensor in plain Java: row-major in the order of the axes of {@code shape}, each
 * as a double, whatever its element type. Booleans are 0 or 1; 64-bit integers beyond 2^53 lose
 * their lowest bits.
 *
 * @param shape axes and element type
 * @param values one per element; not copied, not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // equality goes by the elements, below
public record NdArray(Shape shape, double[] values) {
  public NdArray {
    if (values.length != shape.elements()) {
      throw new ShapeException(
          "array of " + shape + ": expected " + shape.elements() + " values, got " + values.length);
    }
  }

  /** The given elements in row-major order. */
  public static NdArray of(Shape shape, double... values) {
    return new NdArray(shape, values);
  }

  /** Every element the same. */
  public static NdArray filled(Shape shape, double value) {
    double[] values = new double[Math.toIntExact(shape.elements())];
    Arrays.fill(values, value);
    return new NdArray(shape, values);
  }

  /** The element at a position given for every axis by its name. */
  public double at(Map<String, Integer> position) {
    int offset = 0;
    for (Axis axis : shape.axes()) {
      Integer index = position.get(axis.name());
      if (index == null || index < 0 || index >= axis.size()) {
        throw new ShapeException(
            "position in " + shape + ": expected one within every axis, got " + position);
      }
      offset = offset * axis.size() + index;
    }
    return values[offset];
  }

  /** The only element of a scalar or of an array of one element. */
  public double scalar() {
    if (values.length != 1) {
      throw new ShapeException("scalar: expected one element, got " + shape);
    }
    return values[0];
  }

  /** The same elements with the axes in another order. */
  public NdArray ordered(List<Axis> axes) {
    if (axes.equals(shape.axes())) {
      return this;
    }
    Shape wanted = shape.withAxes(axes);
    if (!wanted.sameAxes(shape)) {
      throw new ShapeException("order of axes: expected those of " + shape + ", got " + axes);
    }
    return gather(wanted, Offsets.of(axes, shape));
  }

  /** The elements at {@code offsets}, as an array of {@code result}. */
  NdArray gather(Shape result, int[] offsets) {
    double[] gathered = new double[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      gathered[i] = values[offsets[i]];
    }
    return new NdArray(result, gathered);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray(Shape otherShape, double[] otherValues)
        && shape.equals(otherShape)
        && Arrays.equals(values, otherValues);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    String shown = Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 16)));
    return shape + " " + shown + (values.length > 16 ? " and more" : "");
  }
}
