package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The values of a field in one batch. Immutable; any thread may ask. */
@FunctionalInterface
interface ArrowVector {
  ValueLayout.OfShort INT16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfFloat FLOAT32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfDouble FLOAT64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * One value; null is a null node.
   *
   * @throws RuntimeException if there is no such value or it is broken
   */
  JsonNode get(long index);

  /** The same with those null whose bit is not set; where there are no bits nothing is null. */
  default ArrowVector nullable(MemorySegment bits) {
    return bits.byteSize() == 0 ? this : index -> bit(bits, index) ? get(index) : NullNode.instance;
  }

  /** One bit of many. */
  static boolean bit(MemorySegment bits, long index) {
    return (bits.get(ValueLayout.JAVA_BYTE, index >>> 3) >>> (index & 7) & 1) != 0;
  }

  /** A copy of some bytes. */
  static byte[] bytes(MemorySegment data, long offset, long length) {
    return data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
