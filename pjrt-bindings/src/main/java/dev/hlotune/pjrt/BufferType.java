package dev.hlotune.pjrt;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a buffer holds: elements of one type in a dense array, the last dimension varying fastest.
 *
 * @param elementType the type of its elements
 * @param dimensions the size of each dimension, none for a scalar
 */
// The array is copied on the way in and out; a list would be boxed on the path of every step.
@SuppressWarnings("ArrayRecordComponent")
public record BufferType(ElementType elementType, long... dimensions) {
  /**
   * A type.
   *
   * @throws IllegalArgumentException for a negative dimension, or more bytes than a long can count
   */
  public BufferType {
    Objects.requireNonNull(elementType, "elementType");
    dimensions = dimensions.clone();
    try {
      byteSize(elementType, dimensions);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "buffer type: expected a size that fits in 63 bits, got " + Arrays.toString(dimensions),
          overflow);
    }
  }

  @Override
  public long[] dimensions() {
    return dimensions.clone();
  }

  /** How many dimensions it has. */
  public int rank() {
    return dimensions.length;
  }

  /** How many elements it has; 1 for a scalar. */
  public long elementCount() {
    return byteSize(elementType, dimensions) / elementType.byteSize();
  }

  /** Its bytes as a dense array. */
  public long byteSize() {
    return byteSize(elementType, dimensions);
  }

  long dimension(int index) {
    return dimensions[index];
  }

  private static long byteSize(ElementType elementType, long[] dimensions) {
    long size = elementType.byteSize();
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "buffer type: expected dimensions of 0 or more, got " + Arrays.toString(dimensions));
      }
      size = Math.multiplyExact(size, dimension);
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof BufferType type
            && elementType == type.elementType
            && Arrays.equals(dimensions, type.dimensions));
  }

  @Override
  public int hashCode() {
    return 31 * elementType.hashCode() + Arrays.hashCode(dimensions);
  }

  /** As XLA writes it: {@code f32[2,3]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(elementType.stableHlo()).append('[');
    for (int index = 0; index < dimensions.length; index++) {
      text.append(index == 0 ? "" : ",").append(dimensions[index]);
    }
    return text.append(']').toString();
  }
}
