package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Shape;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where the bytes of an input come from. */
sealed interface InputSource {
  /** Whether they are others in each step. */
  boolean changes();

  /**
   * The bytes of a step, dense.
   *
   * @param step from 0
   * @param arena of memory that is made for them
   */
  MemorySegment bytes(Shape shape, int step, Arena arena);

  /**
   * A tensor of a file.
   *
   * @param perStep whether it has one array for each step along a first dimension
   */
  record Tensor(TensorEntry entry, boolean perStep) implements InputSource {
    @Override
    public boolean changes() {
      return perStep;
    }

    @Override
    public MemorySegment bytes(Shape shape, int step, Arena arena) {
      return perStep ? entry.data().asSlice(step * shape.bytes(), shape.bytes()) : entry.data();
    }
  }

  /** Zeros. */
  record Zeros() implements InputSource {
    @Override
    public boolean changes() {
      return false;
    }

    @Override
    public MemorySegment bytes(Shape shape, int step, Arena arena) {
      return arena.allocate(shape.bytes(), Long.BYTES);
    }
  }

  /** A number, as a scalar. */
  record Scalar(double value) implements InputSource {
    @Override
    public boolean changes() {
      return false;
    }

    @Override
    public MemorySegment bytes(Shape shape, int step, Arena arena) {
      return scalar(value, shape, arena);
    }
  }

  /** The number of the step, as a scalar. */
  record StepNumber() implements InputSource {
    @Override
    public boolean changes() {
      return true;
    }

    @Override
    public MemorySegment bytes(Shape shape, int step, Arena arena) {
      return scalar(step, shape, arena);
    }
  }

  private static MemorySegment scalar(double value, Shape shape, Arena arena) {
    MemorySegment memory = arena.allocate(Long.BYTES, Long.BYTES);
    switch (shape.dtype()) {
      case F32 -> memory.set(ValueLayout.JAVA_FLOAT, 0, (float) value);
      case F64 -> memory.set(ValueLayout.JAVA_DOUBLE, 0, value);
      case F16 -> memory.set(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16((float) value));
      case BF16 -> memory.set(ValueLayout.JAVA_SHORT, 0, bfloat16((float) value));
      case I64 -> memory.set(ValueLayout.JAVA_LONG, 0, (long) value);
      // Through a long, so that the upper half of the numbers without a sign stays.
      case I32, U32 -> memory.set(ValueLayout.JAVA_INT, 0, (int) (long) value);
      case I8, U8, BOOL -> memory.set(ValueLayout.JAVA_BYTE, 0, (byte) (long) value);
    }
    return memory.asSlice(0, shape.bytes());
  }

  /** To the nearest, ties to even. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
