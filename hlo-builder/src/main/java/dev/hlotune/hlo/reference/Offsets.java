package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import java.util.List;
import java.util.function.ToIntFunction;

/** Where elements lie: the only place that turns named positions into numbers. */
final class Offsets {
  private Offsets() {}

  /** Distance between neighbours along an axis in row-major order; 0 along one that is missing. */
  static int stride(Shape shape, String axis) {
    int stride = 1;
    for (Axis other : shape.axes().reversed()) {
      if (other.name().equals(axis)) {
        return stride;
      }
      stride *= other.size();
    }
    return 0;
  }

  /** The offset in {@code shape} for each position of {@code walk}, the last axis fastest. */
  static int[] of(List<Axis> walk, Shape shape) {
    return of(walk, 0, name -> stride(shape, name));
  }

  /** As {@link #of(List, Shape)}, starting at {@code start} along {@code axis}. */
  static int[] from(List<Axis> walk, Shape shape, String axis, int start) {
    return of(walk, start * stride(shape, axis), name -> stride(shape, name));
  }

  /** As {@link #of(List, Shape)}, standing at position 0 of {@code axis} all along. */
  static int[] skipping(List<Axis> walk, Shape shape, String axis) {
    return of(walk, 0, name -> name.equals(axis) ? 0 : stride(shape, name));
  }

  private static int[] of(List<Axis> walk, int base, ToIntFunction<String> stride) {
    int[] offsets = {base};
    for (Axis axis : walk) {
      int step = stride.applyAsInt(axis.name());
      int[] finer = new int[offsets.length * axis.size()];
      int next = 0;
      for (int offset : offsets) {
        for (int i = 0; i < axis.size(); i++) {
          finer[next++] = offset + i * step;
        }
      }
      offsets = finer;
    }
    return offsets;
  }
}
