package dev.hlotune.trainer;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.sharding.ShardedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The evaluator's arrays in buffers of a device, and back. */
public final class HostArrays {
  private HostArrays() {}

  /** The array on the device, each element rounded to its type. */
  public static ShardedBuffer toDevice(NdArray array) {
    Shape shape = array.shape();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(Math.max(1, shape.bytes()), Long.BYTES);
      ByteBuffer bytes = host.asByteBuffer().order(ByteOrder.nativeOrder());
      for (double value : array.values()) {
        put(bytes, shape.dtype(), value);
      }
      return TestClient.devices().whole(host.asSlice(0, shape.bytes()), shape);
    }
  }

  /** The elements of a buffer, which has the type and the sizes of {@code shape}. */
  public static NdArray toHost(ShardedBuffer buffer, Shape shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(Math.max(1, shape.bytes()), Long.BYTES);
      buffer.gather(host.asSlice(0, shape.bytes()));
      ByteBuffer bytes = host.asByteBuffer().order(ByteOrder.nativeOrder());
      double[] values = new double[Math.toIntExact(shape.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] = get(bytes, shape.dtype());
      }
      return new NdArray(shape, values);
    }
  }

  private static void put(ByteBuffer bytes, DType dtype, double value) {
    switch (dtype) {
      case F64 -> bytes.putDouble(value);
      case F32 -> bytes.putFloat((float) value);
      case F16 -> bytes.putShort(Float.floatToFloat16((float) value));
      case BF16 -> bytes.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
      case I64 -> bytes.putLong((long) value);
      case I32, U32 -> bytes.putInt((int) (long) value);
      case I8, U8, BOOL -> bytes.put((byte) (long) value);
    }
  }

  private static double get(ByteBuffer bytes, DType dtype) {
    return switch (dtype) {
      case F64 -> bytes.getDouble();
      case F32 -> bytes.getFloat();
      case F16 -> Float.float16ToFloat(bytes.getShort());
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      case I64 -> bytes.getLong();
      case I32 -> bytes.getInt();
      case U32 -> Integer.toUnsignedLong(bytes.getInt());
      case I8 -> bytes.get();
      case U8, BOOL -> Byte.toUnsignedInt(bytes.get());
    };
  }
}
