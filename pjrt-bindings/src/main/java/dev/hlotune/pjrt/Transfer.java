package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Client_BufferFromHostBuffer_Args;
import dev.hlotune.pjrt.gen.PjrtHeader;
import dev.hlotune.pjrt.internal.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A transfer to a device that was started.
 *
 * @param buffer the buffer, which may be used at once
 * @param hostReleased when the host's memory is free for other use
 */
public record Transfer(DeviceBuffer buffer, Event hostReleased) {
  static DeviceBuffer copying(
      Keeper keeper,
      MemorySegment host,
      BufferType type,
      Device device,
      Optional<String> memoryKind) {
    long client = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments =
          call(
              keeper,
              client,
              host.isNative() ? host : nativeCopy(host, arena),
              type,
              device,
              memoryKind,
              PjrtHeader.PJRT_HostBufferSemantics_kImmutableOnlyDuringCall(),
              arena);
      long event = PJRT_Client_BufferFromHostBuffer_Args.done_with_host_buffer(arguments).address();
      if (event != 0) {
        keeper.api().callWithHandle(Function.EVENT_DESTROY, event);
      }
      return buffer(keeper, type, device, arguments);
    } finally {
      keeper.release();
    }
  }

  static Transfer start(Keeper keeper, MemorySegment host, BufferType type, Device device) {
    MemorySegment lent = host.isNative() ? host : nativeCopy(host, Arena.ofAuto());
    long client = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments =
          call(
              keeper,
              client,
              lent,
              type,
              device,
              Optional.empty(),
              PjrtHeader.PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes(),
              arena);
      DeviceBuffer buffer = buffer(keeper, type, device, arguments);
      return new Transfer(
          buffer,
          Event.lending(
              keeper,
              "transfer to " + buffer,
              PJRT_Client_BufferFromHostBuffer_Args.done_with_host_buffer(arguments).address(),
              lent));
    } finally {
      keeper.release();
    }
  }

  private static MemorySegment call(
      Keeper keeper,
      long client,
      MemorySegment host,
      BufferType type,
      Device device,
      Optional<String> memoryKind,
      int semantics,
      Arena arena) {
    check(keeper, host, type, device);
    MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, type.rank()));
    for (int index = 0; index < type.rank(); index++) {
      dimensions.setAtIndex(ValueLayout.JAVA_LONG, index, type.dimension(index));
    }
    MemorySegment arguments = Function.CLIENT_BUFFER_FROM_HOST_BUFFER.arguments(arena);
    PJRT_Client_BufferFromHostBuffer_Args.client(arguments, MemorySegment.ofAddress(client));
    PJRT_Client_BufferFromHostBuffer_Args.data(arguments, host);
    PJRT_Client_BufferFromHostBuffer_Args.type(arguments, type.elementType().toNative());
    PJRT_Client_BufferFromHostBuffer_Args.dims(arguments, dimensions);
    PJRT_Client_BufferFromHostBuffer_Args.num_dims(arguments, type.rank());
    PJRT_Client_BufferFromHostBuffer_Args.host_buffer_semantics(arguments, semantics);
    PJRT_Client_BufferFromHostBuffer_Args.device(arguments, device.pointer());
    memoryKind.ifPresent(
        kind -> PJRT_Client_BufferFromHostBuffer_Args.memory(arguments, device.memory(kind)));
    keeper.api().call(Function.CLIENT_BUFFER_FROM_HOST_BUFFER, arguments);
    return arguments;
  }

  private static void check(Keeper keeper, MemorySegment host, BufferType type, Device device) {
    String function = Function.CLIENT_BUFFER_FROM_HOST_BUFFER.symbol();
    if (host.byteSize() != type.byteSize()) {
      throw new IllegalArgumentException(
          "transfer of "
              + type
              + ": expected memory of "
              + type.byteSize()
              + " bytes, got "
              + host.byteSize());
    }
    if (!host.scope().isAlive()) {
      throw new IllegalStateException(
          "transfer of " + type + ": expected open memory, got a closed arena");
    }
    if (!keeper.same(device.keeper())) {
      throw PjrtException.invalid(
          function, "expected a device of this client, got " + device + " of another");
    }
    if (!device.addressable()) {
      throw PjrtException.invalid(
          function, "expected a device of this process, got " + device + " of another");
    }
  }

  private static DeviceBuffer buffer(
      Keeper keeper, BufferType type, Device device, MemorySegment arguments) {
    return new DeviceBuffer(
        keeper, type, device, PJRT_Client_BufferFromHostBuffer_Args.buffer(arguments).address());
  }

  private static MemorySegment nativeCopy(MemorySegment host, Arena arena) {
    return arena
        .allocate(Math.max(1, host.byteSize()), 64)
        .asSlice(0, host.byteSize())
        .copyFrom(host);
  }
}
