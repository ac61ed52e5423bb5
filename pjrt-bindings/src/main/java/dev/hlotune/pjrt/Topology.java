package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Compile_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_Attributes_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_Create_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_GetDeviceDescriptions_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_PlatformName_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_PlatformVersion_Args;
import dev.hlotune.pjrt.gen.PJRT_TopologyDescription_Serialize_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.NamedValues;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Devices and how they are connected, present or not: what a program can be compiled for. One made
 * by {@link Plugin#topology} is closed by its maker; a client's own goes with the client.
 */
public final class Topology implements AutoCloseable {
  private final Keeper keeper;
  private final MemorySegment pointer;
  private final boolean own;

  private Topology(Plugin plugin, MemorySegment pointer) {
    this.pointer = pointer;
    this.own = true;
    this.keeper =
        Keeper.of(
            plugin, this, "topology", pointer.address(), Function.TOPOLOGY_DESCRIPTION_DESTROY);
  }

  private Topology(Keeper client, MemorySegment pointer) {
    this.pointer = pointer;
    this.own = false;
    this.keeper = client;
  }

  static Topology ofClient(Keeper client, MemorySegment pointer) {
    return new Topology(client, pointer);
  }

  static Topology create(Plugin plugin, String name, Map<String, ?> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.TOPOLOGY_DESCRIPTION_CREATE.arguments(arena);
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      MemorySegment text = arena.allocate(bytes.length + 1L);
      text.copyFrom(MemorySegment.ofArray(bytes));
      PJRT_TopologyDescription_Create_Args.topology_name(arguments, text);
      PJRT_TopologyDescription_Create_Args.topology_name_size(arguments, bytes.length);
      PJRT_TopologyDescription_Create_Args.create_options(
          arguments, NamedValues.write(options, arena));
      PJRT_TopologyDescription_Create_Args.num_options(arguments, options.size());
      plugin.api().call(Function.TOPOLOGY_DESCRIPTION_CREATE, arguments);
      return new Topology(plugin, PJRT_TopologyDescription_Create_Args.topology(arguments));
    }
  }

  /** What kind of devices these are. */
  public String platformName() {
    return query(
        Function.TOPOLOGY_DESCRIPTION_PLATFORM_NAME,
        arguments ->
            Api.text(
                PJRT_TopologyDescription_PlatformName_Args.platform_name(arguments),
                PJRT_TopologyDescription_PlatformName_Args.platform_name_size(arguments)));
  }

  /** The plugin's own text on versions. */
  public String platformVersion() {
    return query(
        Function.TOPOLOGY_DESCRIPTION_PLATFORM_VERSION,
        arguments ->
            Api.text(
                PJRT_TopologyDescription_PlatformVersion_Args.platform_version(arguments),
                PJRT_TopologyDescription_PlatformVersion_Args.platform_version_size(arguments)));
  }

  /** The plugin's own properties of it. */
  public Map<String, Object> attributes() {
    return query(
        Function.TOPOLOGY_DESCRIPTION_ATTRIBUTES,
        arguments ->
            NamedValues.read(
                PJRT_TopologyDescription_Attributes_Args.attributes(arguments),
                PJRT_TopologyDescription_Attributes_Args.num_attributes(arguments)));
  }

  /** Its devices. */
  public List<Device.Description> devices() {
    return query(
        Function.TOPOLOGY_DESCRIPTION_GET_DEVICE_DESCRIPTIONS,
        arguments -> {
          long count =
              PJRT_TopologyDescription_GetDeviceDescriptions_Args.num_descriptions(arguments);
          MemorySegment list =
              PJRT_TopologyDescription_GetDeviceDescriptions_Args.descriptions(arguments)
                  .reinterpret(count * ValueLayout.ADDRESS.byteSize());
          List<Device.Description> devices = new ArrayList<>();
          try (Arena arena = Arena.ofConfined()) {
            for (long index = 0; index < count; index++) {
              devices.add(
                  Device.Description.read(
                      keeper.api(), list.getAtIndex(ValueLayout.ADDRESS, index), arena));
            }
          }
          return List.copyOf(devices);
        });
  }

  /** Its bytes, equal for equal devices: part of the key of a cached program. */
  public byte[] serialize() {
    return query(
        Function.TOPOLOGY_DESCRIPTION_SERIALIZE,
        arguments -> {
          try {
            return PJRT_TopologyDescription_Serialize_Args.serialized_bytes(arguments)
                .reinterpret(
                    PJRT_TopologyDescription_Serialize_Args.serialized_bytes_size(arguments))
                .toArray(ValueLayout.JAVA_BYTE);
          } finally {
            Api.callDeleter(
                PJRT_TopologyDescription_Serialize_Args.serialized_topology_deleter(arguments),
                PJRT_TopologyDescription_Serialize_Args.serialized_topology(arguments));
          }
        });
  }

  /**
   * Compiles a program for these devices without any of them.
   *
   * @param program StableHLO text with a function {@code @main}
   * @return the compiled program, which the caller closes
   * @throws PjrtException with the compiler's message; the CPU plugin compiles for clients only
   */
  public Executable compile(String program, CompileOptions options) {
    Programs.check(Function.COMPILE.symbol(), program);
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.COMPILE.arguments(arena);
      PJRT_Compile_Args.topology(arguments, pointer);
      PJRT_Compile_Args.program(arguments, Programs.write(program, arena));
      MemorySegment bytes =
          arena.allocateFrom(ValueLayout.JAVA_BYTE, options.on(platformName()).toBytes());
      PJRT_Compile_Args.compile_options(arguments, bytes);
      PJRT_Compile_Args.compile_options_size(arguments, bytes.byteSize());
      keeper.api().call(Function.COMPILE, arguments);
      long address = PJRT_Compile_Args.executable(arguments).address();
      Signature signature;
      try {
        signature = Signature.parse(program, options.numPartitions());
      } catch (PjrtException unreadable) {
        keeper.api().callWithHandle(Function.EXECUTABLE_DESTROY, address);
        throw unreadable;
      }
      return Executable.of(keeper, address, signature);
    } finally {
      keeper.release();
    }
  }

  /** Closes it, unless it is a client's own. */
  @Override
  public void close() {
    if (own) {
      keeper.handle().close();
    }
  }

  @Override
  public String toString() {
    return "topology " + keeper.handle().number();
  }

  /** Calls a function whose first argument is the topology, and reads its structure. */
  private <T> T query(Function function, java.util.function.Function<MemorySegment, T> read) {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = function.arguments(arena);
      arguments.set(
          ValueLayout.ADDRESS,
          PJRT_TopologyDescription_PlatformName_Args.topology$offset(),
          pointer);
      keeper.api().call(function, arguments);
      return read.apply(arguments);
    } finally {
      keeper.release();
    }
  }
}
