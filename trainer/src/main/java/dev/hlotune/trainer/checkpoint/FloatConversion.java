package dev.hlotune.trainer.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/**
 * Floating-point numbers from one element type to another, both dense and little-endian as files
 * and devices have them.
 *
 * <p>Wider types take every value exactly; narrower ones round to nearest, ties to even, as PyTorch
 * does (an f64 by way of f32). A block goes through small arrays, which stay in the processor's
 * cache and over which the loops are compiled to vector instructions.
 */
public final class FloatConversion {
  private static final Set<StorageType> FLOATS =
      Set.of(StorageType.F16, StorageType.BF16, StorageType.F32, StorageType.F64);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Elements converted at a time. */
  private static final int BLOCK = 1 << 13;

  private final float[] floats = new float[BLOCK];
  private final int[] bits = new int[BLOCK];
  private final short[] halves = new short[BLOCK];
  private final double[] doubles = new double[BLOCK];

  private FloatConversion() {}

  /** Whether this can read and write numbers of the type. */
  public static boolean has(StorageType type) {
    return FLOATS.contains(type);
  }

  /**
   * Converts numbers; equal types are copied as they are.
   *
   * @param from the numbers, which may be off the heap
   * @param to room for exactly as many
   */
  public static void convert(
      MemorySegment from, StorageType fromType, MemorySegment to, StorageType toType) {
    long count = from.byteSize() / fromType.byteSize();
    if (to.byteSize() != count * toType.byteSize() || !has(fromType) || !has(toType)) {
      throw new IllegalArgumentException(
          "conversion of %d numbers: expected room for %s as %s, got %d bytes"
              .formatted(count, fromType, toType, to.byteSize()));
    }
    if (fromType == toType) {
      to.copyFrom(from);
      return;
    }
    FloatConversion block = new FloatConversion();
    for (long at = 0; at < count; at += BLOCK) {
      int size = (int) Math.min(BLOCK, count - at);
      block.read(from, fromType, at, size);
      block.write(to, toType, at, size);
    }
  }

  /**
   * Reads numbers as f32.
   *
   * @param at the first of them
   * @param target takes as many as it has elements
   */
  public static void toFloats(MemorySegment from, StorageType type, long at, float[] target) {
    FloatConversion block = new FloatConversion();
    for (int done = 0; done < target.length; done += BLOCK) {
      int size = Math.min(BLOCK, target.length - done);
      block.read(from, type, at + done, size);
      System.arraycopy(block.floats, 0, target, done, size);
    }
  }

  private void read(MemorySegment from, StorageType type, long at, int size) {
    long offset = at * type.byteSize();
    switch (type) {
      case F32 -> MemorySegment.copy(from, FLOAT, offset, floats, 0, size);
      case BF16 -> {
        MemorySegment.copy(from, SHORT, offset, halves, 0, size);
        widen(halves, bits, size);
        MemorySegment.copy(
            MemorySegment.ofArray(bits), 0, MemorySegment.ofArray(floats), 0, 4L * size);
      }
      case F16 -> {
        MemorySegment.copy(from, SHORT, offset, halves, 0, size);
        for (int i = 0; i < size; i++) {
          floats[i] = Float.float16ToFloat(halves[i]);
        }
      }
      case F64 -> {
        MemorySegment.copy(from, DOUBLE, offset, doubles, 0, size);
        for (int i = 0; i < size; i++) {
          floats[i] = (float) doubles[i];
        }
      }
      default -> throw new IllegalArgumentException("expected a float type, got " + type);
    }
  }

  private void write(MemorySegment to, StorageType type, long at, int size) {
    long offset = at * type.byteSize();
    switch (type) {
      case F32 -> MemorySegment.copy(floats, 0, to, FLOAT, offset, size);
      case BF16 -> {
        MemorySegment.copy(
            MemorySegment.ofArray(floats), 0, MemorySegment.ofArray(bits), 0, 4L * size);
        narrow(bits, halves, size);
        MemorySegment.copy(halves, 0, to, SHORT, offset, size);
      }
      case F16 -> {
        for (int i = 0; i < size; i++) {
          halves[i] = Float.floatToFloat16(floats[i]);
        }
        MemorySegment.copy(halves, 0, to, SHORT, offset, size);
      }
      case F64 -> {
        for (int i = 0; i < size; i++) {
          doubles[i] = floats[i];
        }
        MemorySegment.copy(doubles, 0, to, DOUBLE, offset, size);
      }
      default -> throw new IllegalArgumentException("expected a float type, got " + type);
    }
  }

  private static void widen(short[] from, int[] to, int size) {
    for (int i = 0; i < size; i++) {
      to[i] = from[i] << 16;
    }
  }

  /** The upper halves, rounded; without branches, so that the loop becomes vectors. */
  private static void narrow(int[] from, short[] to, int size) {
    for (int i = 0; i < size; i++) {
      int value = from[i];
      int rounded = (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
      // All ones for a NaN, which rounding could turn into an infinity.
      int nan = (0x7f800000 - (value & 0x7fffffff)) >> 31;
      int upper = value >>> 16;
      // A NaN whose upper half alone would be an infinity gets a bit of the mantissa.
      int kept = upper | ((((upper & 0x7f) - 1) >> 31) & 0x40);
      to[i] = (short) ((rounded & ~nan) | (kept & nan));
    }
  }
}
