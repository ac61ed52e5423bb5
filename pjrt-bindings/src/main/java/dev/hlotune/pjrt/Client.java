package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Client_AddressableDevices_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_Compile_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_Create_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_Devices_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_PlatformName_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_PlatformVersion_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_ProcessIndex_Args;
import dev.hlotune.pjrt.gen.PJRT_Client_TopologyDescription_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_DeserializeAndLoad_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.NamedValues;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The devices of a plugin, opened: compiles programs for them and moves data to them. Safe for use
 * by many threads. Closing it closes whatever was made with it and is still open.
 */
public final class Client implements AutoCloseable {
  private final Keeper keeper;
  private final String platformName;
  private final String platformVersion;
  private final List<Device> devices;
  private final List<Device> addressableDevices;

  private Client(Plugin plugin, long address, Runnable afterwards) {
    this.keeper = Keeper.of(plugin, this, "client", address, Function.CLIENT_DESTROY, afterwards);
    Api api = plugin.api();
    MemorySegment pointer = MemorySegment.ofAddress(address);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = Function.CLIENT_PLATFORM_NAME.arguments(arena);
      PJRT_Client_PlatformName_Args.client(name, pointer);
      api.call(Function.CLIENT_PLATFORM_NAME, name);
      platformName =
          Api.text(
              PJRT_Client_PlatformName_Args.platform_name(name),
              PJRT_Client_PlatformName_Args.platform_name_size(name));
      MemorySegment version = Function.CLIENT_PLATFORM_VERSION.arguments(arena);
      PJRT_Client_PlatformVersion_Args.client(version, pointer);
      api.call(Function.CLIENT_PLATFORM_VERSION, version);
      platformVersion =
          Api.text(
              PJRT_Client_PlatformVersion_Args.platform_version(version),
              PJRT_Client_PlatformVersion_Args.platform_version_size(version));
      MemorySegment all = Function.CLIENT_DEVICES.arguments(arena);
      PJRT_Client_Devices_Args.client(all, pointer);
      api.call(Function.CLIENT_DEVICES, all);
      devices =
          devices(PJRT_Client_Devices_Args.devices(all), PJRT_Client_Devices_Args.num_devices(all));
      MemorySegment ours = Function.CLIENT_ADDRESSABLE_DEVICES.arguments(arena);
      PJRT_Client_AddressableDevices_Args.client(ours, pointer);
      api.call(Function.CLIENT_ADDRESSABLE_DEVICES, ours);
      addressableDevices =
          choose(
              PJRT_Client_AddressableDevices_Args.addressable_devices(ours),
              PJRT_Client_AddressableDevices_Args.num_addressable_devices(ours));
    } catch (RuntimeException failure) {
      keeper.handle().close();
      throw failure;
    }
  }

  static Client create(Plugin plugin, Map<String, ?> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arguments(options, arena);
      plugin.api().call(Function.CLIENT_CREATE, arguments);
      return new Client(plugin, PJRT_Client_Create_Args.client(arguments).address(), () -> {});
    }
  }

  static Client create(Plugin plugin, Map<String, ?> options, KeyValueStore store) {
    KeyValueCallbacks callbacks = new KeyValueCallbacks(store);
    long address;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arguments(options, arena);
      callbacks.fill(arguments);
      plugin.api().call(Function.CLIENT_CREATE, arguments);
      address = PJRT_Client_Create_Args.client(arguments).address();
    } catch (RuntimeException failure) {
      callbacks.close();
      throw failure;
    }
    return new Client(plugin, address, callbacks::close);
  }

  private static MemorySegment arguments(Map<String, ?> options, Arena arena) {
    MemorySegment arguments = Function.CLIENT_CREATE.arguments(arena);
    PJRT_Client_Create_Args.create_options(arguments, NamedValues.write(options, arena));
    PJRT_Client_Create_Args.num_options(arguments, options.size());
    return arguments;
  }

  /** The plugin. */
  public Plugin plugin() {
    return keeper.plugin();
  }

  /** What kind of devices it has: {@code cpu}, {@code cuda}, {@code tpu}. */
  public String platformName() {
    return platformName;
  }

  /** The plugin's own text on the versions of what it stands on. */
  public String platformVersion() {
    return platformVersion;
  }

  /**
   * Which of the processes that share these devices this one is, as the plugin counts them; 0 where
   * there are no others.
   */
  public int processIndex() {
    long address = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.CLIENT_PROCESS_INDEX.arguments(arena);
      PJRT_Client_ProcessIndex_Args.client(arguments, MemorySegment.ofAddress(address));
      keeper.api().call(Function.CLIENT_PROCESS_INDEX, arguments);
      return PJRT_Client_ProcessIndex_Args.process_index(arguments);
    } finally {
      keeper.release();
    }
  }

  /** All devices, those of other processes included. */
  public List<Device> devices() {
    return devices;
  }

  /** The devices that this process can use. */
  public List<Device> addressableDevices() {
    return addressableDevices;
  }

  /** The first device that this process can use. */
  public Device device() {
    return addressableDevices.getFirst();
  }

  /**
   * Compiles a program and loads it onto its devices.
   *
   * @param program StableHLO text with a function {@code @main}; its arguments marked {@code
   *     tf.aliasing_output} are donated
   * @param options how
   * @return the program, which the caller closes
   * @throws PjrtException with the compiler's message
   */
  public LoadedExecutable compile(String program, CompileOptions options) {
    String function = Function.CLIENT_COMPILE.symbol();
    Programs.check(function, program);
    checkDevices(function, options);
    long address = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.CLIENT_COMPILE.arguments(arena);
      PJRT_Client_Compile_Args.client(arguments, MemorySegment.ofAddress(address));
      PJRT_Client_Compile_Args.program(arguments, Programs.write(program, arena));
      MemorySegment bytes =
          arena.allocateFrom(ValueLayout.JAVA_BYTE, options.on(platformName()).toBytes());
      PJRT_Client_Compile_Args.compile_options(arguments, bytes);
      PJRT_Client_Compile_Args.compile_options_size(arguments, bytes.byteSize());
      keeper.api().call(Function.CLIENT_COMPILE, arguments);
      return LoadedExecutable.of(
          this,
          PJRT_Client_Compile_Args.executable(arguments).address(),
          () -> Signature.parse(program, options.numPartitions()));
    } finally {
      keeper.release();
    }
  }

  /**
   * Loads a program that {@link LoadedExecutable#serialize} wrote. It must come from the same build
   * of the plugin, and for a CPU from the same kind of processor.
   *
   * @return the program, which the caller closes
   * @throws PjrtException if the bytes are damaged or of another plugin, or the plugin refuses them
   */
  public LoadedExecutable load(byte[] serialized) {
    SerializedProgram program = SerializedProgram.decode(serialized, plugin().identity());
    long address = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.EXECUTABLE_DESERIALIZE_AND_LOAD.arguments(arena);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, program.executable());
      PJRT_Executable_DeserializeAndLoad_Args.client(arguments, MemorySegment.ofAddress(address));
      PJRT_Executable_DeserializeAndLoad_Args.serialized_executable(arguments, bytes);
      PJRT_Executable_DeserializeAndLoad_Args.serialized_executable_size(
          arguments, bytes.byteSize());
      keeper.api().call(Function.EXECUTABLE_DESERIALIZE_AND_LOAD, arguments);
      return LoadedExecutable.of(
          this,
          PJRT_Executable_DeserializeAndLoad_Args.loaded_executable(arguments).address(),
          program::signature);
    } finally {
      keeper.release();
    }
  }

  /**
   * Copies data to a device. The memory is free for other use when the call returns.
   *
   * @param host the elements, dense, the last dimension varying fastest: exactly {@code
   *     type.byteSize()} bytes, native or of a Java array
   * @return the buffer, which the caller closes or donates
   * @throws IllegalArgumentException for memory of another size
   */
  public DeviceBuffer transfer(MemorySegment host, BufferType type, Device device) {
    return Transfer.copying(keeper, host, type, device, Optional.empty());
  }

  /**
   * The same to a memory of the device that is not its own, such as {@code pinned_host}.
   *
   * @param memoryKind one of {@link Device#memoryKinds}
   * @throws PjrtException if the device has no memory of that kind
   */
  public DeviceBuffer transfer(
      MemorySegment host, BufferType type, Device device, String memoryKind) {
    return Transfer.copying(keeper, host, type, device, Optional.of(memoryKind));
  }

  /**
   * Starts copying data to a device.
   *
   * @param host as for {@link #transfer(MemorySegment, BufferType, Device)}; native memory must not
   *     change, and its arena must stay open, until {@link Transfer#hostReleased}; memory of an
   *     automatic arena stays by itself. A Java array is copied at once
   * @return the buffer, usable at once, and the event; the caller closes both
   */
  public Transfer transferAsync(MemorySegment host, BufferType type, Device device) {
    return Transfer.start(keeper, host, type, device);
  }

  /** Copies an array of type {@code F32} to a device. */
  public DeviceBuffer transfer(float[] values, Device device, long... dimensions) {
    return transfer(
        MemorySegment.ofArray(values), new BufferType(ElementType.F32, dimensions), device);
  }

  /** Copies an array of type {@code S32} to a device. */
  public DeviceBuffer transfer(int[] values, Device device, long... dimensions) {
    return transfer(
        MemorySegment.ofArray(values), new BufferType(ElementType.S32, dimensions), device);
  }

  /**
   * Begins a buffer that is filled piece by piece.
   *
   * @param type what it will hold: at least one element
   * @param device one that {@link Device#keepsArraysDense}
   * @return the transfer, which the caller finishes or closes
   */
  public PiecewiseTransfer transferPieces(BufferType type, Device device) {
    return PiecewiseTransfer.start(keeper, type, device);
  }

  /** Copies one number to a device, as a scalar of type {@code F32}. */
  public DeviceBuffer scalar(float value, Device device) {
    return transfer(new float[] {value}, device);
  }

  /** Copies one number to a device, as a scalar of type {@code S32}. */
  public DeviceBuffer scalar(int value, Device device) {
    return transfer(new int[] {value}, device);
  }

  /** What its devices are and how they are connected; lives as long as the client. */
  public Topology topology() {
    long address = keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.CLIENT_TOPOLOGY_DESCRIPTION.arguments(arena);
      PJRT_Client_TopologyDescription_Args.client(arguments, MemorySegment.ofAddress(address));
      keeper.api().call(Function.CLIENT_TOPOLOGY_DESCRIPTION, arguments);
      return Topology.ofClient(keeper, PJRT_Client_TopologyDescription_Args.topology(arguments));
    } finally {
      keeper.release();
    }
  }

  /** Closes it, after whatever was made with it and is still open. */
  @Override
  public void close() {
    keeper.handle().close();
  }

  @Override
  public String toString() {
    return "client " + keeper.handle().number() + " (" + platformName + ")";
  }

  Keeper keeper() {
    return keeper;
  }

  /** The devices of an array of the plugin's, as the objects that this client already has. */
  List<Device> choose(MemorySegment array, long count) {
    MemorySegment pointers = array.reinterpret(count * ValueLayout.ADDRESS.byteSize());
    List<Device> chosen = new ArrayList<>();
    for (long index = 0; index < count; index++) {
      MemorySegment pointer = pointers.getAtIndex(ValueLayout.ADDRESS, index);
      for (Device device : devices) {
        if (device.pointer().address() == pointer.address()) {
          chosen.add(device);
        }
      }
    }
    return List.copyOf(chosen);
  }

  private List<Device> devices(MemorySegment array, long count) {
    MemorySegment pointers = array.reinterpret(count * ValueLayout.ADDRESS.byteSize());
    List<Device> all = new ArrayList<>();
    for (long index = 0; index < count; index++) {
      all.add(new Device(keeper, pointers.getAtIndex(ValueLayout.ADDRESS, index)));
    }
    return List.copyOf(all);
  }

  private void checkDevices(String function, CompileOptions options) {
    if (options.deviceCount() > devices.size()) {
      throw PjrtException.invalid(
          function,
          "expected a program for at most "
              + devices.size()
              + " devices, got one for "
              + options.deviceCount());
    }
    Set<Integer> ids = new HashSet<>();
    devices.forEach(device -> ids.add(device.id()));
    options.deviceAssignment().stream()
        .flatMap(List::stream)
        .filter(id -> !ids.contains(id))
        .findFirst()
        .ifPresent(id -> {
          throw PjrtException.invalid(
              function, "device assignment: expected ids among " + ids + ", got " + id);
        });
  }
}
