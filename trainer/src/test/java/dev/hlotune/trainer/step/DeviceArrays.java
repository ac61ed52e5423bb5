package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.pjrt.BufferType;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The evaluator's arrays on a device and back; floats must have the values of their type. */
final class DeviceArrays {
  private DeviceArrays() {}

  static DeviceBuffer transfer(Client client, NdArray array) {
    DType dtype = array.shape().dtype();
    ByteBuffer bytes =
        ByteBuffer.allocate((int) array.shape().bytes()).order(ByteOrder.nativeOrder());
    for (double value : array.values()) {
      put(bytes, dtype, value);
    }
    return client.transfer(
        MemorySegment.ofArray(bytes.array()),
        new BufferType(ElementType.ofStableHlo(dtype.mlir()), array.shape().sizes()),
        client.device());
  }

  static NdArray read(DeviceBuffer buffer, Shape shape) {
    ByteBuffer bytes = ByteBuffer.wrap(buffer.readBytes()).order(ByteOrder.nativeOrder());
    double[] values = new double[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(bytes, shape.dtype());
    }
    return new NdArray(shape, values);
  }

  private static void put(ByteBuffer bytes, DType dtype, double value) {
    switch (dtype) {
      case F32 -> bytes.putFloat((float) value);
      case F64 -> bytes.putDouble(value);
      case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
      case F16 -> bytes.putShort(Float.floatToFloat16((float) value));
      case I32, U32 -> bytes.putInt((int) (long) value);
      case I64 -> bytes.putLong((long) value);
      case I8, U8, BOOL -> bytes.put((byte) (long) value);
    }
  }

  private static double get(ByteBuffer bytes, DType dtype) {
    return switch (dtype) {
      case F32 -> bytes.getFloat();
      case F64 -> bytes.getDouble();
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      case F16 -> Float.float16ToFloat(bytes.getShort());
      case I32 -> bytes.getInt();
      case U32 -> Integer.toUnsignedLong(bytes.getInt());
      case I64 -> bytes.getLong();
      case I8 -> bytes.get();
      case U8, BOOL -> Byte.toUnsignedInt(bytes.get());
    };
  }
}
