package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Buffer_CopyRawToHost_Args;
import dev.hlotune.pjrt.gen.PJRT_Buffer_CopyToDevice_Args;
import dev.hlotune.pjrt.gen.PJRT_Buffer_MemoryLayout;
import dev.hlotune.pjrt.gen.PJRT_Buffer_MemoryLayout_Tiled;
import dev.hlotune.pjrt.gen.PJRT_Buffer_OnDeviceSizeInBytes_Args;
import dev.hlotune.pjrt.gen.PJRT_Buffer_ReadyEvent_Args;
import dev.hlotune.pjrt.gen.PJRT_Buffer_ToHostBuffer_Args;
import dev.hlotune.pjrt.gen.PjrtHeader;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array in the memory of one device. It may still be under way when one gets it; whatever uses
 * it waits for it. A program that is given it as a donated argument takes it over: from then on it
 * is as if closed.
 */
public final class DeviceBuffer implements AutoCloseable {
  private final Keeper keeper;
  private final BufferType type;
  private final Device device;
  private final Handle handle;

  DeviceBuffer(Keeper keeper, BufferType type, Device device, long address) {
    this.keeper = keeper;
    this.type = type;
    this.device = device;
    this.handle = keeper.add(this, "buffer", address, keeper.plugin().bufferDestroyer());
  }

  /** What it holds. */
  public BufferType type() {
    return type;
  }

  /** Where it is. */
  public Device device() {
    return device;
  }

  /** Whether it can be used: neither closed nor donated. */
  public boolean isOpen() {
    return handle.isOpen();
  }

  /**
   * Starts copying it to the host, densely, the last dimension varying fastest.
   *
   * @param target native memory of exactly {@code type().byteSize()} bytes, not to be read and its
   *     arena not to be closed before the event; memory of an automatic arena stays by itself
   * @return the event of the copy, which the caller closes; closing waits for it
   * @throws IllegalArgumentException for memory of another size, or on the heap
   * @throws IllegalStateException if the buffer was closed or donated
   */
  public Event toHost(MemorySegment target) {
    if (!target.isNative()) {
      throw new IllegalArgumentException(
          this + ": expected native memory to copy to, got an array; read(…) takes one");
    }
    return Event.lending(keeper, "copy of " + this + " to the host", start(target), target);
  }

  /**
   * Copies it to the host and waits for it.
   *
   * @param target memory of exactly {@code type().byteSize()} bytes, native or of a Java array
   * @throws PjrtException if the copy, or the program that was to fill the buffer, failed
   */
  public void read(MemorySegment target) {
    if (target.isNative()) {
      try (Event event = toHost(target)) {
        event.await();
      }
    } else {
      checkTarget(target);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy = arena.allocate(Math.max(1, target.byteSize()), 64);
        read(copy.asSlice(0, target.byteSize()));
        MemorySegment.copy(copy, 0, target, 0, target.byteSize());
      }
    }
  }

  /**
   * Copies a part of it to the host and waits for it.
   *
   * @param target native memory that takes the part
   * @param offset where the part begins in the dense array, in bytes
   * @throws IllegalArgumentException if there is no such part, or the device does not {@linkplain
   *     Device#keepsArraysDense keep arrays dense}
   * @throws PjrtException if the copy, or the program that was to fill the buffer, failed
   */
  public void readPart(MemorySegment target, long offset) {
    long size = target.byteSize();
    if (!target.isNative()
        || target.isReadOnly()
        || offset < 0
        || offset > type.byteSize() - size
        || !device.keepsArraysDense()) {
      throw new IllegalArgumentException(
          this
              + ": expected writable native memory for a part of "
              + type.byteSize()
              + " bytes on a device that keeps arrays dense, got "
              + size
              + " at "
              + offset
              + " on "
              + device);
    }
    if (size == 0) {
      return;
    }
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.BUFFER_COPY_RAW_TO_HOST.arguments(arena);
      PJRT_Buffer_CopyRawToHost_Args.dst(arguments, target);
      PJRT_Buffer_CopyRawToHost_Args.offset(arguments, offset);
      PJRT_Buffer_CopyRawToHost_Args.transfer_size(arguments, size);
      PJRT_Buffer_CopyRawToHost_Args.buffer(arguments, MemorySegment.ofAddress(acquire()));
      try {
        keeper.api().call(Function.BUFFER_COPY_RAW_TO_HOST, arguments);
      } finally {
        release();
      }
      try (Event copied =
          Event.lending(
              keeper,
              "copy of a part of " + this + " to the host",
              PJRT_Buffer_CopyRawToHost_Args.event(arguments).address(),
              target)) {
        copied.await();
      }
    } finally {
      keeper.release();
    }
  }

  /** Its elements, which must be of type {@code F32}. */
  public float[] readFloats() {
    float[] values = new float[count(ElementType.F32)];
    read(MemorySegment.ofArray(values));
    return values;
  }

  /** Its elements, which must be of type {@code F64}. */
  public double[] readDoubles() {
    double[] values = new double[count(ElementType.F64)];
    read(MemorySegment.ofArray(values));
    return values;
  }

  /** Its elements, which must be of type {@code S32} or {@code U32}. */
  public int[] readInts() {
    int[] values = new int[count(ElementType.S32, ElementType.U32)];
    read(MemorySegment.ofArray(values));
    return values;
  }

  /** Its elements, which must be of type {@code S64} or {@code U64}. */
  public long[] readLongs() {
    long[] values = new long[count(ElementType.S64, ElementType.U64)];
    read(MemorySegment.ofArray(values));
    return values;
  }

  /** Its bytes, whatever the type of its elements. */
  public byte[] readBytes() {
    byte[] values = new byte[Math.toIntExact(type.byteSize())];
    read(MemorySegment.ofArray(values));
    return values;
  }

  /** An event for when its contents are there; the caller closes it. */
  public Event ready() {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.BUFFER_READY_EVENT.arguments(arena);
      PJRT_Buffer_ReadyEvent_Args.buffer(arguments, MemorySegment.ofAddress(acquire()));
      try {
        keeper.api().call(Function.BUFFER_READY_EVENT, arguments);
      } finally {
        release();
      }
      return Event.of(
          keeper, "contents of " + this, PJRT_Buffer_ReadyEvent_Args.event(arguments).address());
    } finally {
      keeper.release();
    }
  }

  /** The bytes it takes on the device, layout and padding included. */
  public long onDeviceSize() {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.BUFFER_ON_DEVICE_SIZE_IN_BYTES.arguments(arena);
      PJRT_Buffer_OnDeviceSizeInBytes_Args.buffer(arguments, MemorySegment.ofAddress(acquire()));
      try {
        keeper.api().call(Function.BUFFER_ON_DEVICE_SIZE_IN_BYTES, arguments);
      } finally {
        release();
      }
      return PJRT_Buffer_OnDeviceSizeInBytes_Args.on_device_size_in_bytes(arguments);
    } finally {
      keeper.release();
    }
  }

  /**
   * Starts copying it to another device of the same client.
   *
   * @return the copy, which the caller closes
   */
  public DeviceBuffer copyTo(Device target) {
    if (!keeper.same(target.keeper())) {
      throw PjrtException.invalid(
          Function.BUFFER_COPY_TO_DEVICE.symbol(),
          "expected a device of the client of " + this + ", got one of another");
    }
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.BUFFER_COPY_TO_DEVICE.arguments(arena);
      PJRT_Buffer_CopyToDevice_Args.dst_device(arguments, target.pointer());
      PJRT_Buffer_CopyToDevice_Args.buffer(arguments, MemorySegment.ofAddress(acquire()));
      try {
        keeper.api().call(Function.BUFFER_COPY_TO_DEVICE, arguments);
      } finally {
        release();
      }
      return new DeviceBuffer(
          keeper, type, target, PJRT_Buffer_CopyToDevice_Args.dst_buffer(arguments).address());
    } finally {
      keeper.release();
    }
  }

  /** Frees it, once nothing that was started with it needs it any more. */
  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return "buffer " + handle.number() + " " + type;
  }

  Keeper keeper() {
    return keeper;
  }

  /** Its address for a call; {@link #release} must follow. */
  long acquire() {
    return handle.acquire(this);
  }

  void release() {
    handle.release();
  }

  /** Closes it because a program has taken it over. */
  void donated(String program) {
    handle.close("donated to program '" + program + "'");
  }

  private long start(MemorySegment target) {
    checkTarget(target);
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      int rank = type.rank();
      MemorySegment order = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
      for (int index = 0; index < rank; index++) {
        order.setAtIndex(ValueLayout.JAVA_LONG, index, rank - 1 - index);
      }
      // Said explicitly: without it the copy has the device's layout, which need not be dense.
      MemorySegment layout = PJRT_Buffer_MemoryLayout.allocate(arena).fill((byte) 0);
      PJRT_Buffer_MemoryLayout.type(layout, PjrtHeader.PJRT_Buffer_MemoryLayout_Type_Tiled());
      MemorySegment tiled = PJRT_Buffer_MemoryLayout.tiled(layout);
      PJRT_Buffer_MemoryLayout_Tiled.minor_to_major(tiled, order);
      PJRT_Buffer_MemoryLayout_Tiled.minor_to_major_size(tiled, rank);

      MemorySegment arguments = Function.BUFFER_TO_HOST_BUFFER.arguments(arena);
      PJRT_Buffer_ToHostBuffer_Args.host_layout(arguments, layout);
      PJRT_Buffer_ToHostBuffer_Args.dst(arguments, target);
      PJRT_Buffer_ToHostBuffer_Args.dst_size(arguments, target.byteSize());
      PJRT_Buffer_ToHostBuffer_Args.src(arguments, MemorySegment.ofAddress(acquire()));
      try {
        keeper.api().call(Function.BUFFER_TO_HOST_BUFFER, arguments);
      } finally {
        release();
      }
      return PJRT_Buffer_ToHostBuffer_Args.event(arguments).address();
    } finally {
      keeper.release();
    }
  }

  private void checkTarget(MemorySegment target) {
    if (target.byteSize() != type.byteSize() || target.isReadOnly()) {
      throw new IllegalArgumentException(
          this
              + ": expected writable memory of "
              + type.byteSize()
              + " bytes to copy to, got "
              + (target.isReadOnly() ? "read-only memory of " : "")
              + target.byteSize());
    }
    if (!target.scope().isAlive()) {
      throw new IllegalStateException(
          this + ": expected open memory to copy to, got a closed arena");
    }
  }

  private int count(ElementType... accepted) {
    for (ElementType one : accepted) {
      if (type.elementType() == one) {
        return Math.toIntExact(type.elementCount());
      }
    }
    throw new IllegalArgumentException(
        this + ": expected elements of type " + accepted[0] + " to read them so");
  }
}
