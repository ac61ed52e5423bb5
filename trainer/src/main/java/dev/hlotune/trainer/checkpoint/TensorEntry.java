package dev.hlotune.trainer.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One tensor of a weights file: a name, an element type, a shape and the bytes.
 *
 * <p>The bytes are row-major and little-endian, as the file has them, and belong to whoever made
 * the segment: for an entry that a {@link SafetensorsFile} gave they are a read-only view of the
 * mapped file, valid until it is closed, and may not be aligned to the element.
 *
 * @param name the tensor's name, such as {@code "transformer.wte.weight"}
 * @param type the element type
 * @param shape the sizes of the dimensions, outermost first; empty for a scalar
 * @param data exactly the product of the sizes times the element's bytes
 */
public record TensorEntry(String name, StorageType type, List<Long> shape, MemorySegment data)
    implements WritableTensor {
  // One ByteBuffer views at most 2 GiB; smaller pieces let an interrupt or a full disk show early.
  private static final long PIECE = 64L << 20;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Checks that the bytes are as many as the type and the shape ask for. */
  public TensorEntry {
    shape = List.copyOf(shape);
    long expected = Math.multiplyExact(elementCount(shape), type.byteSize());
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "tensor '%s': expected %d bytes for %s %s, got %d"
              .formatted(name, expected, type, shape, data.byteSize()));
    }
  }

  /**
   * An f32 tensor with these values.
   *
   * @param values row-major; copied
   */
  public static TensorEntry ofFloats(String name, List<Long> shape, float[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
    return new TensorEntry(name, StorageType.F32, shape, data);
  }

  /** The same tensor under another name. */
  public TensorEntry named(String other) {
    return new TensorEntry(other, type, shape, data);
  }

  /**
   * The same numbers as another type, rounded to the nearest, ties to even; this where it is of
   * that type already.
   *
   * @param other one of F16, BF16, F32 and F64
   */
  public TensorEntry as(StorageType other) {
    if (type == other) {
      return this;
    }
    long bytes = Math.multiplyExact(elementCount(), other.byteSize());
    MemorySegment target = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    FloatConversion.convert(data, type, target, other);
    return new TensorEntry(name, other, shape, target);
  }

  /** All of a tensor that is to be written, read now. */
  public static TensorEntry of(WritableTensor tensor) throws IOException {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(tensor.byteSize())]);
    long[] at = {0};
    tensor.writeTo(piece -> {
      data.asSlice(at[0], piece.byteSize()).copyFrom(piece);
      at[0] += piece.byteSize();
    });
    return new TensorEntry(tensor.name(), tensor.type(), tensor.shape(), data);
  }

  @Override
  public void writeTo(Sink sink) throws IOException {
    for (long at = 0; at < data.byteSize(); at += PIECE) {
      sink.accept(data.asSlice(at, Math.min(PIECE, data.byteSize() - at)));
    }
  }

  /**
   * The values as floats, row-major, in a new array; f64 is rounded, f16 and bf16 are exact.
   *
   * @throws IllegalStateException if the elements are not floating-point of at least 16 bits, or
   *     there are more of them than an array holds
   */
  public float[] toFloats() {
    float[] values = new float[arrayLength()];
    copyTo(values, 0);
    return values;
  }

  /**
   * As {@link #toFloats}, into an array that has room.
   *
   * @param values takes the elements
   * @param at where the first goes
   */
  public void copyTo(float[] values, int at) {
    int count = arrayLength();
    switch (type) {
      case F32 -> MemorySegment.copy(data, FLOAT, 0, values, at, count);
      case F64 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = (float) data.get(DOUBLE, 8L * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = Float.float16ToFloat(data.get(SHORT, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = Float.intBitsToFloat(data.get(SHORT, 2L * i) << 16);
        }
      }
      case BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, I32, U32, I64, U64 ->
          throw new IllegalStateException(
              "tensor '%s': expected one of F16, BF16, F32, F64, got %s".formatted(name, type));
    }
  }

  /**
   * The values as longs, row-major, in a new array.
   *
   * @throws IllegalStateException if the elements are not integers, or there are more of them than
   *     an array holds
   */
  public long[] toLongs() {
    long[] values = new long[arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case BOOL, U8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
            case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case I16 -> data.get(SHORT, 2L * i);
            case U16 -> Short.toUnsignedLong(data.get(SHORT, 2L * i));
            case I32 -> data.get(INT, 4L * i);
            case U32 -> Integer.toUnsignedLong(data.get(INT, 4L * i));
            case I64, U64 -> data.get(LONG, 8L * i);
            case F8_E5M2, F8_E4M3, F16, BF16, F32, F64 ->
                throw new IllegalStateException(
                    "tensor '%s': expected integers, got %s".formatted(name, type));
          };
    }
    return values;
  }

  private int arrayLength() {
    long count = elementCount();
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "tensor '%s': expected at most %d elements for an array, got %d; read its bytes instead"
              .formatted(name, Integer.MAX_VALUE - 8, count));
    }
    return (int) count;
  }

  /** The product of the sizes; an ArithmeticException where it does not fit a long. */
  static long elementCount(List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("shape: expected sizes of at least 0, got " + shape);
      }
      count = Math.multiplyExact(count, size);
    }
    return count;
  }
}
