package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_LoadedExecutable_AddressableDevices_Args;
import dev.hlotune.pjrt.gen.PJRT_LoadedExecutable_GetExecutable_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A compiled program on its devices, ready to run. Runs are started and not waited for; several may
 * be under way, and they are done in the order in which they were started where they share buffers.
 */
public final class LoadedExecutable implements AutoCloseable {
  private static final String EXECUTE = Function.LOADED_EXECUTABLE_EXECUTE.symbol();

  private final Client client;
  private final Keeper keeper;
  private final Handle handle;
  private final Executable executable;
  private final Signature signature;
  private final List<Device> devices;
  private final BufferType[] parameters;
  private final BufferType[] results;
  private final int[] donated;
  private final long address;

  /** A frame that no run is using; a second run at the same time makes its own. */
  private final AtomicReference<ExecuteFrame> spare = new AtomicReference<>();

  private LoadedExecutable(
      Client client, long address, Executable executable, List<Device> devices) {
    this.client = client;
    this.keeper = client.keeper();
    this.address = address;
    this.executable = executable;
    this.devices = devices;
    this.signature = executable.signature();
    this.parameters = signature.parameters().toArray(BufferType[]::new);
    this.results = executable.outputs().toArray(BufferType[]::new);
    this.donated = signature.donated().stream().mapToInt(Integer::intValue).toArray();
    Api api = keeper.api();
    this.handle =
        keeper.add(
            this,
            "loaded executable",
            address,
            pointer -> api.callWithHandle(Function.LOADED_EXECUTABLE_DESTROY, pointer));
  }

  /** Takes over a native object, which is destroyed if anything about it is amiss. */
  static LoadedExecutable of(Client client, long address, Supplier<Signature> signature) {
    Api api = client.keeper().api();
    MemorySegment pointer = MemorySegment.ofAddress(address);
    try (Arena arena = Arena.ofConfined()) {
      Signature parsed = signature.get();
      MemorySegment list = Function.LOADED_EXECUTABLE_ADDRESSABLE_DEVICES.arguments(arena);
      PJRT_LoadedExecutable_AddressableDevices_Args.executable(list, pointer);
      api.call(Function.LOADED_EXECUTABLE_ADDRESSABLE_DEVICES, list);
      List<Device> devices =
          client.choose(
              PJRT_LoadedExecutable_AddressableDevices_Args.addressable_devices(list),
              PJRT_LoadedExecutable_AddressableDevices_Args.num_addressable_devices(list));
      MemorySegment get = Function.LOADED_EXECUTABLE_GET_EXECUTABLE.arguments(arena);
      PJRT_LoadedExecutable_GetExecutable_Args.loaded_executable(get, pointer);
      api.call(Function.LOADED_EXECUTABLE_GET_EXECUTABLE, get);
      Executable executable =
          Executable.of(
              client.keeper(),
              PJRT_LoadedExecutable_GetExecutable_Args.executable(get).address(),
              parsed);
      return new LoadedExecutable(client, address, executable, devices);
    } catch (RuntimeException failure) {
      api.callWithHandle(Function.LOADED_EXECUTABLE_DESTROY, address);
      throw failure;
    }
  }

  /**
   * Starts a run on the one device of the program.
   *
   * @param arguments the buffers, in the order of {@code @main}; the donated ones are taken over
   * @return the results, at once, and the event of the run's end; the caller closes them
   * @throws PjrtException for arguments of another number, type, shape, device or client, or with
   *     the plugin's message
   * @throws IllegalStateException if an argument, the program or the client was closed or donated
   */
  public Execution execute(List<DeviceBuffer> arguments) {
    if (devices.size() != 1) {
      throw PjrtException.invalid(
          EXECUTE, "expected arguments for " + devices.size() + " devices, got them for 1");
    }
    return run(List.of(arguments)).getFirst();
  }

  /**
   * Starts a run on all devices of the program.
   *
   * @param arguments the buffers of each device, in the order of {@link #devices}
   * @return the run on each device
   * @throws PjrtException as {@link #execute}
   */
  public List<Execution> executeSharded(List<List<DeviceBuffer>> arguments) {
    if (arguments.size() != devices.size()) {
      throw PjrtException.invalid(
          EXECUTE,
          "expected arguments for "
              + devices.size()
              + " devices, got them for "
              + arguments.size());
    }
    return run(arguments);
  }

  /** The devices of this process that it runs on, in the order of its lists of arguments. */
  public List<Device> devices() {
    return devices;
  }

  /** What it takes and what it takes over. */
  public Signature signature() {
    return signature;
  }

  /** What it gives, per device. */
  public List<BufferType> outputs() {
    return executable.outputs();
  }

  /** The compiled program itself: its name, memory, cost and optimized form; closed with this. */
  public Executable executable() {
    return executable;
  }

  /** The memory that a run uses. */
  public CompiledMemory memory() {
    return executable.memory();
  }

  /** Writes it so that {@link Client#load} can read it again. */
  public byte[] serialize() {
    return executable.serialize();
  }

  /** The client it is loaded in. */
  public Client client() {
    return client;
  }

  @Override
  public void close() {
    executable.close();
    handle.close();
  }

  @Override
  public String toString() {
    return "program '" + executable.name() + "'";
  }

  private List<Execution> run(List<List<DeviceBuffer>> lists) {
    // Copied, so that what is checked is what is used and later released.
    DeviceBuffer[][] arguments = new DeviceBuffer[lists.size()][];
    for (int device = 0; device < arguments.length; device++) {
      arguments[device] = lists.get(device).toArray(DeviceBuffer[]::new);
      check(arguments[device], devices.get(device));
    }
    keeper.acquire();
    try {
      handle.acquire(this);
      try {
        ExecuteFrame frame = spare.getAndSet(null);
        if (frame == null) {
          frame = new ExecuteFrame(address, devices.size(), parameters.length, results.length);
        }
        start(frame, arguments);
        List<Execution> runs = new ArrayList<>(arguments.length);
        for (int device = 0; device < arguments.length; device++) {
          runs.add(collect(frame, device));
        }
        spare.set(frame);
        return runs;
      } finally {
        handle.release();
      }
    } finally {
      keeper.release();
    }
  }

  private void start(ExecuteFrame frame, DeviceBuffer[][] arguments) {
    int acquired = 0;
    try {
      for (int device = 0; device < arguments.length; device++) {
        for (int index = 0; index < parameters.length; index++) {
          frame.argument(device, index, arguments[device][index].acquire());
          acquired++;
        }
      }
      keeper.api().call(Function.LOADED_EXECUTABLE_EXECUTE, frame.structure());
      for (DeviceBuffer[] row : arguments) {
        for (int index : donated) {
          row[index].donated(executable.name());
        }
      }
    } finally {
      for (int index = 0; index < acquired; index++) {
        arguments[index / parameters.length][index % parameters.length].release();
      }
    }
  }

  private Execution collect(ExecuteFrame frame, int device) {
    DeviceBuffer[] outputs = new DeviceBuffer[results.length];
    for (int index = 0; index < outputs.length; index++) {
      outputs[index] =
          new DeviceBuffer(
              keeper, results[index], devices.get(device), frame.output(device, index));
    }
    return new Execution(
        Collections.unmodifiableList(Arrays.asList(outputs)),
        Event.of(keeper, executable.runName(), frame.event(device)));
  }

  /** What would end the process in some plugins, and is clearer said here in all of them. */
  private void check(DeviceBuffer[] row, Device device) {
    if (row.length != parameters.length) {
      throw PjrtException.invalid(
          EXECUTE, this + ": expected " + parameters.length + " arguments, got " + row.length);
    }
    for (int index = 0; index < parameters.length; index++) {
      DeviceBuffer argument = row[index];
      if (!argument.type().equals(parameters[index])) {
        throw PjrtException.invalid(
            EXECUTE,
            this
                + ": expected argument "
                + index
                + " to be "
                + parameters[index]
                + ", got "
                + argument);
      }
      if (argument.device() != device) {
        throw PjrtException.invalid(
            EXECUTE,
            this
                + ": expected argument "
                + index
                + " on "
                + device
                + (keeper.same(argument.keeper()) ? "" : " of the same client")
                + ", got "
                + argument
                + " on "
                + argument.device());
      }
    }
  }
}
