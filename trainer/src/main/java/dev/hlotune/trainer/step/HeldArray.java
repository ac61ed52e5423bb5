package dev.hlotune.trainer.step;

import dev.hlotune.sharding.ShardedBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A weight, or a piece of optimizer state, to be read: on the device, or a copy in main memory. */
public sealed interface HeldArray {
  /** How many bytes it has, densely. */
  long byteSize();

  /** Whether parts of it can be read. */
  boolean hasParts();

  /**
   * Reads a part.
   *
   * @param target native memory that takes it
   * @param offset where it begins, in bytes
   */
  void readPart(MemorySegment target, long offset);

  /** Reads all of it into native memory of that size. */
  void read(MemorySegment target);

  /** Its elements, which are f32. */
  float[] readFloats();

  /** Arrays on the device, to stay open as long as the result is used. */
  static List<HeldArray> onDevice(List<ShardedBuffer> buffers) {
    return buffers.stream()
        .<HeldArray>map(buffer ->
            new OnDevice(buffer, buffer.isWhole() && buffer.first().device().keepsArraysDense()))
        .toList();
  }

  /**
   * On the device.
   *
   * @param buffer open as long as this is used
   * @param hasParts whether each device has all of it, and dense
   */
  record OnDevice(ShardedBuffer buffer, boolean hasParts) implements HeldArray {
    @Override
    public long byteSize() {
      return buffer.byteSize();
    }

    @Override
    public void readPart(MemorySegment target, long offset) {
      buffer.first().readPart(target, offset);
    }

    @Override
    public void read(MemorySegment target) {
      buffer.gather(target);
    }

    @Override
    public float[] readFloats() {
      return buffer.readFloats();
    }
  }

  /**
   * In main memory.
   *
   * @param bytes dense
   */
  record InMemory(MemorySegment bytes) implements HeldArray {
    @Override
    public long byteSize() {
      return bytes.byteSize();
    }

    @Override
    public boolean hasParts() {
      return true;
    }

    @Override
    public void readPart(MemorySegment target, long offset) {
      target.copyFrom(bytes.asSlice(offset, target.byteSize()));
    }

    @Override
    public void read(MemorySegment target) {
      target.copyFrom(bytes);
    }

    @Override
    public float[] readFloats() {
      return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }
}
