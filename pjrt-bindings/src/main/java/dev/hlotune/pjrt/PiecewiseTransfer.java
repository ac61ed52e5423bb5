package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args;
import dev.hlotune.pjrt.gen.PJRT_AsyncHostToDeviceTransferManager_TransferData_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_CreateBuffersForAsyncHostToDevice_Args;
import dev.hlotune.pjrt.gen.PJRT_Device_DefaultMemory_Args;
import dev.hlotune.pjrt.gen.PJRT_ShapeSpec;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A buffer that is filled on its device piece by piece, so that an array may come from several
 * places of the host, or be converted on the way, without ever being there as a whole.
 *
 * <p>Every byte is put exactly once, in any order and by any threads; then {@link #finish} gives
 * the buffer. Offsets are those of the dense array, so this is for devices that keep arrays dense
 * ({@link Device#keepsArraysDense}).
 */
public final class PiecewiseTransfer implements AutoCloseable {
  private final Keeper keeper;
  private final BufferType type;
  private final Device device;
  private final Handle handle;
  private final Object order = new Object();
  private long left;

  private PiecewiseTransfer(Keeper keeper, BufferType type, Device device, long address) {
    this.keeper = keeper;
    this.type = type;
    this.device = device;
    this.left = type.byteSize();
    this.handle =
        keeper.add(
            this,
            "piecewise transfer",
            address,
            manager ->
                keeper
                    .api()
                    .callWithHandle(
                        Function.ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_DESTROY, manager));
  }

  static PiecewiseTransfer start(Keeper keeper, BufferType type, Device device) {
    Function function = Function.CLIENT_CREATE_BUFFERS_FOR_ASYNC_HOST_TO_DEVICE;
    if (!keeper.same(device.keeper()) || !device.addressable()) {
      throw PjrtException.invalid(
          function.symbol(), "expected a device of this client and process, got " + device);
    }
    if (!device.keepsArraysDense()) {
      throw PjrtException.invalid(
          function.symbol(),
          "expected a device that keeps arrays dense, got " + device + "; transfer them whole");
    }
    if (type.byteSize() == 0) {
      throw PjrtException.invalid(
          function.symbol(), "expected an array with elements, got " + type);
    }
    long client = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = Function.DEVICE_DEFAULT_MEMORY.arguments(arena);
      PJRT_Device_DefaultMemory_Args.device(memory, device.pointer());
      keeper.api().call(Function.DEVICE_DEFAULT_MEMORY, memory);

      MemorySegment dimensions =
          arena
              .allocateFrom(ValueLayout.JAVA_LONG, type.dimensions())
              .reinterpret(8L * type.rank());
      MemorySegment shape = PJRT_ShapeSpec.allocate(arena).fill((byte) 0);
      PJRT_ShapeSpec.struct_size(shape, PJRT_ShapeSpec.element_type$offset() + 4);
      PJRT_ShapeSpec.dims(shape, dimensions);
      PJRT_ShapeSpec.num_dims(shape, type.rank());
      PJRT_ShapeSpec.element_type(shape, type.elementType().toNative());

      MemorySegment arguments = function.arguments(arena);
      PJRT_Client_CreateBuffersForAsyncHostToDevice_Args.client(
          arguments, MemorySegment.ofAddress(client));
      PJRT_Client_CreateBuffersForAsyncHostToDevice_Args.shape_specs(arguments, shape);
      PJRT_Client_CreateBuffersForAsyncHostToDevice_Args.num_shape_specs(arguments, 1);
      PJRT_Client_CreateBuffersForAsyncHostToDevice_Args.memory(
          arguments, PJRT_Device_DefaultMemory_Args.memory(memory));
      keeper.api().call(function, arguments);
      return new PiecewiseTransfer(
          keeper,
          type,
          device,
          PJRT_Client_CreateBuffersForAsyncHostToDevice_Args.transfer_manager(arguments).address());
    } finally {
      keeper.release();
    }
  }

  /** What the buffer will hold. */
  public BufferType type() {
    return type;
  }

  /**
   * Starts copying a piece.
   *
   * @param piece native memory, not to change before the event; at least one byte
   * @param offset where its first byte goes in the dense array
   * @return the event of the copy, which the caller closes; closing waits for it
   * @throws IllegalArgumentException if the piece does not fit, is on the heap, or more bytes would
   *     have been put than the array has
   */
  public Event put(MemorySegment piece, long offset) {
    long size = piece.byteSize();
    if (!piece.isNative() || size == 0 || offset < 0 || offset > type.byteSize() - size) {
      throw new IllegalArgumentException(
          this
              + ": expected a piece of native memory within "
              + type.byteSize()
              + " bytes, got "
              + size
              + (piece.isNative() ? "" : " on the heap")
              + " at "
              + offset);
    }
    if (!piece.scope().isAlive()) {
      throw new IllegalStateException(this + ": expected open memory, got a closed arena");
    }
    keeper.acquire();
    // The piece that is started last must be said to be the last, so they are started one by one.
    synchronized (order) {
      try (Arena arena = Arena.ofConfined()) {
        if (size > left) {
          throw new IllegalArgumentException(
              this + ": expected at most " + left + " more bytes, got " + size);
        }
        MemorySegment arguments =
            Function.ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_TRANSFER_DATA.arguments(arena);
        PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.data(arguments, piece);
        PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.offset(arguments, offset);
        PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.transfer_size(arguments, size);
        PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.is_last_transfer(
            arguments, size == left);
        PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.transfer_manager(
            arguments, MemorySegment.ofAddress(handle.acquire(this)));
        try {
          keeper
              .api()
              .call(Function.ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_TRANSFER_DATA, arguments);
        } finally {
          handle.release();
        }
        left -= size;
        return Event.lending(
            keeper,
            "piece of " + this,
            PJRT_AsyncHostToDeviceTransferManager_TransferData_Args.done_with_h2d_transfer(
                    arguments)
                .address(),
            piece);
      } finally {
        keeper.release();
      }
    }
  }

  /**
   * The buffer, once every byte was put; copies may still be under way. Closes this.
   *
   * @return the buffer, which the caller closes or donates
   * @throws IllegalStateException if bytes are missing
   */
  public DeviceBuffer finish() {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      synchronized (order) {
        if (left != 0) {
          throw new IllegalStateException(
              this + ": expected all bytes to be put, got " + left + " missing");
        }
      }
      MemorySegment arguments =
          Function.ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_RETRIEVE_BUFFER.arguments(arena);
      PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args.transfer_manager(
          arguments, MemorySegment.ofAddress(handle.acquire(this)));
      try {
        keeper
            .api()
            .call(Function.ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_RETRIEVE_BUFFER, arguments);
      } finally {
        handle.release();
      }
      return new DeviceBuffer(
          keeper,
          type,
          device,
          PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args.buffer_out(arguments)
              .address());
    } finally {
      keeper.release();
      close();
    }
  }

  /** Gives up what was not finished; does nothing afterwards. */
  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return "piecewise transfer " + handle.number() + " of " + type;
  }
}
