package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_DeviceDescription_Attributes_Args;
import dev.hlotune.pjrt.gen.PJRT_DeviceDescription_DebugString_Args;
import dev.hlotune.pjrt.gen.PJRT_DeviceDescription_Id_Args;
import dev.hlotune.pjrt.gen.PJRT_DeviceDescription_Kind_Args;
import dev.hlotune.pjrt.gen.PJRT_DeviceDescription_ProcessIndex_Args;
import dev.hlotune.pjrt.gen.PJRT_Device_AddressableMemories_Args;
import dev.hlotune.pjrt.gen.PJRT_Device_GetDescription_Args;
import dev.hlotune.pjrt.gen.PJRT_Device_IsAddressable_Args;
import dev.hlotune.pjrt.gen.PJRT_Device_MemoryStats_Args;
import dev.hlotune.pjrt.gen.PJRT_Memory_Kind_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.NamedValues;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;

/** A device of a client. It lives as long as the client and needs no closing. */
public final class Device {
  private static final Set<String> DENSE = Set.of("cpu", "cuda", "rocm");

  private final Keeper keeper;
  private final MemorySegment pointer;
  private final Description description;
  private final boolean addressable;

  /**
   * What a plugin says of a device, present or only described by a topology.
   *
   * @param id its number, unique over all hosts
   * @param processIndex the process that can use it
   * @param kind what it is, such as {@code NVIDIA H100 80GB HBM3} or {@code cpu}
   * @param debugText the plugin's own text
   * @param attributes the plugin's own properties
   */
  public record Description(
      int id, int processIndex, String kind, String debugText, Map<String, Object> attributes) {
    static Description read(Api api, MemorySegment pointer, Arena arena) {
      MemorySegment id = Function.DEVICE_DESCRIPTION_ID.arguments(arena);
      PJRT_DeviceDescription_Id_Args.device_description(id, pointer);
      api.call(Function.DEVICE_DESCRIPTION_ID, id);
      MemorySegment process = Function.DEVICE_DESCRIPTION_PROCESS_INDEX.arguments(arena);
      PJRT_DeviceDescription_ProcessIndex_Args.device_description(process, pointer);
      api.call(Function.DEVICE_DESCRIPTION_PROCESS_INDEX, process);
      MemorySegment kind = Function.DEVICE_DESCRIPTION_KIND.arguments(arena);
      PJRT_DeviceDescription_Kind_Args.device_description(kind, pointer);
      api.call(Function.DEVICE_DESCRIPTION_KIND, kind);
      MemorySegment debug = Function.DEVICE_DESCRIPTION_DEBUG_STRING.arguments(arena);
      PJRT_DeviceDescription_DebugString_Args.device_description(debug, pointer);
      api.call(Function.DEVICE_DESCRIPTION_DEBUG_STRING, debug);
      MemorySegment attributes = Function.DEVICE_DESCRIPTION_ATTRIBUTES.arguments(arena);
      PJRT_DeviceDescription_Attributes_Args.device_description(attributes, pointer);
      api.call(Function.DEVICE_DESCRIPTION_ATTRIBUTES, attributes);
      return new Description(
          PJRT_DeviceDescription_Id_Args.id(id),
          PJRT_DeviceDescription_ProcessIndex_Args.process_index(process),
          Api.text(
              PJRT_DeviceDescription_Kind_Args.device_kind(kind),
              PJRT_DeviceDescription_Kind_Args.device_kind_size(kind)),
          Api.text(
              PJRT_DeviceDescription_DebugString_Args.debug_string(debug),
              PJRT_DeviceDescription_DebugString_Args.debug_string_size(debug)),
          NamedValues.read(
              PJRT_DeviceDescription_Attributes_Args.attributes(attributes),
              PJRT_DeviceDescription_Attributes_Args.num_attributes(attributes)));
    }
  }

  Device(Keeper keeper, MemorySegment pointer) {
    this.keeper = keeper;
    this.pointer = pointer;
    Api api = keeper.api();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment get = Function.DEVICE_GET_DESCRIPTION.arguments(arena);
      PJRT_Device_GetDescription_Args.device(get, pointer);
      api.call(Function.DEVICE_GET_DESCRIPTION, get);
      description =
          Description.read(api, PJRT_Device_GetDescription_Args.device_description(get), arena);
      MemorySegment is = Function.DEVICE_IS_ADDRESSABLE.arguments(arena);
      PJRT_Device_IsAddressable_Args.device(is, pointer);
      api.call(Function.DEVICE_IS_ADDRESSABLE, is);
      addressable = PJRT_Device_IsAddressable_Args.is_addressable(is);
    }
  }

  /** Its number, unique over all hosts. */
  public int id() {
    return description.id();
  }

  /** What it is, such as {@code NVIDIA H100 80GB HBM3} or {@code cpu}. */
  public String kind() {
    return description.kind();
  }

  /** What the plugin says of it. */
  public Description description() {
    return description;
  }

  /** Whether this process can use it. */
  public boolean addressable() {
    return addressable;
  }

  /**
   * Whether arrays lie in its memory as they do on the host, the last dimension varying fastest and
   * nothing between: so on CPUs and GPUs. Others, such as TPUs, tile them.
   */
  public boolean keepsArraysDense() {
    return keeper.owner() instanceof Client client && DENSE.contains(client.platformName());
  }

  /**
   * The state of its memory.
   *
   * @throws PjrtException {@link ErrorCode#UNIMPLEMENTED} from a plugin that does not count, as the
   *     CPU's
   */
  public DeviceMemory memory() {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.DEVICE_MEMORY_STATS.arguments(arena);
      PJRT_Device_MemoryStats_Args.device(arguments, pointer);
      keeper.api().call(Function.DEVICE_MEMORY_STATS, arguments);
      return new DeviceMemory(
          PJRT_Device_MemoryStats_Args.bytes_in_use(arguments),
          PJRT_Device_MemoryStats_Args.peak_bytes_in_use_is_set(arguments)
              ? OptionalLong.of(PJRT_Device_MemoryStats_Args.peak_bytes_in_use(arguments))
              : OptionalLong.empty(),
          PJRT_Device_MemoryStats_Args.bytes_limit_is_set(arguments)
              ? OptionalLong.of(PJRT_Device_MemoryStats_Args.bytes_limit(arguments))
              : OptionalLong.empty());
    } finally {
      keeper.release();
    }
  }

  /**
   * The kinds of memory that it reaches, such as {@code device} and {@code pinned_host}, in the
   * plugin's order.
   */
  public List<String> memoryKinds() {
    return memories((kinds, _) -> kinds);
  }

  /**
   * Its memory of a kind.
   *
   * @throws PjrtException if it has none, with the kinds it has
   */
  MemorySegment memory(String kind) {
    return memories((kinds, pointers) -> {
      int index = kinds.indexOf(kind);
      if (index < 0) {
        throw PjrtException.invalid(
            Function.DEVICE_ADDRESSABLE_MEMORIES.symbol(),
            this + ": expected memory of kind '" + kind + "', got " + kinds);
      }
      return pointers.get(index);
    });
  }

  private <T> T memories(BiFunction<List<String>, List<MemorySegment>, T> use) {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      Api api = keeper.api();
      MemorySegment all = Function.DEVICE_ADDRESSABLE_MEMORIES.arguments(arena);
      PJRT_Device_AddressableMemories_Args.device(all, pointer);
      api.call(Function.DEVICE_ADDRESSABLE_MEMORIES, all);
      long count = PJRT_Device_AddressableMemories_Args.num_memories(all);
      MemorySegment list =
          PJRT_Device_AddressableMemories_Args.memories(all)
              .reinterpret(count * ValueLayout.ADDRESS.byteSize());
      List<String> kinds = new ArrayList<>();
      List<MemorySegment> pointers = new ArrayList<>();
      for (long index = 0; index < count; index++) {
        MemorySegment memory = list.getAtIndex(ValueLayout.ADDRESS, index);
        MemorySegment kind = Function.MEMORY_KIND.arguments(arena);
        PJRT_Memory_Kind_Args.memory(kind, memory);
        api.call(Function.MEMORY_KIND, kind);
        kinds.add(
            Api.text(PJRT_Memory_Kind_Args.kind(kind), PJRT_Memory_Kind_Args.kind_size(kind)));
        pointers.add(memory);
      }
      return use.apply(List.copyOf(kinds), pointers);
    } finally {
      keeper.release();
    }
  }

  @Override
  public String toString() {
    return "device " + description.id() + " (" + description.kind() + ")";
  }

  Keeper keeper() {
    return keeper;
  }

  MemorySegment pointer() {
    return pointer;
  }
}
