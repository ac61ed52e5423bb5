package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Plugin_Attributes_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Contents;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Ledger;
import dev.hlotune.pjrt.internal.NamedValues;
import dev.hlotune.pjrt.internal.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A plugin's shared library: a compiler and a runtime for one kind of device. It is loaded once per
 * process and never unloaded.
 */
public final class Plugin {
  /**
   * Variables that a plugin reads from the process environment when it is loaded, given these
   * values unless they are set: no log below errors on standard error, and no search for a cloud
   * metadata server by the TPU plugin.
   */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TF_CPP_MIN_LOG_LEVEL", "3", "TPU_SKIP_MDS_QUERY", "1");

  /** How a shared library begins on Linux. */
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private static final boolean OS_IS_LINUX = System.getProperty("os.name", "").equals("Linux");

  private static final Map<Path, Plugin> LOADED = new HashMap<>();

  private final Path path;
  private final Api api;
  private final String identity;
  private final Map<String, Object> attributes;
  private final Ledger ledger = new Ledger();
  private final LongConsumer bufferDestroyer;
  private final LongConsumer eventDestroyer;

  private Plugin(Path path, Api api, String contents, Map<String, Object> attributes) {
    this.path = path;
    this.api = api;
    this.identity =
        path.getFileName() + " " + contents + " pjrt 0." + api.minorVersion() + " " + attributes;
    this.attributes = attributes;
    this.bufferDestroyer = address -> api.callWithHandle(Function.BUFFER_DESTROY, address);
    this.eventDestroyer = address -> api.callWithHandle(Function.EVENT_DESTROY, address);
  }

  /**
   * Loads a plugin, or gives it again if the process has loaded that file before.
   *
   * @throws PjrtException if the file is missing, cannot be loaded (with the loader's message), is
   *     no PJRT plugin, or has another major version of the API
   */
  public static Plugin load(Path file) {
    synchronized (LOADED) {
      Path path = file.toAbsolutePath().normalize();
      Plugin plugin = LOADED.get(path);
      if (plugin == null) {
        plugin = open(path);
        LOADED.put(path, plugin);
      }
      return plugin;
    }
  }

  private static Plugin open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new PjrtException(
          ErrorCode.NOT_FOUND, "dlopen", "expected a plugin file, got none at '" + path + "'");
    }
    ENVIRONMENT.forEach(NativeLibrary::setEnvironmentDefault);
    try {
      requireLibrary(path);
      Api api = new Api(NativeLibrary.open(path, "GetPjrtApi"), PjrtException::of);
      try (Arena arena = Arena.ofConfined()) {
        api.call(Function.PLUGIN_INITIALIZE, Function.PLUGIN_INITIALIZE.arguments(arena));
        MemorySegment arguments = Function.PLUGIN_ATTRIBUTES.arguments(arena);
        api.call(Function.PLUGIN_ATTRIBUTES, arguments);
        Map<String, Object> attributes =
            NamedValues.read(
                PJRT_Plugin_Attributes_Args.attributes(arguments),
                PJRT_Plugin_Attributes_Args.num_attributes(arguments));
        return new Plugin(path, api, Contents.fingerprint(path), attributes);
      }
    } catch (UnsatisfiedLinkError | IOException failure) {
      PjrtException exception =
          new PjrtException(
              ErrorCode.FAILED_PRECONDITION,
              "dlopen",
              "expected a PJRT plugin at '" + path + "', got: " + failure.getMessage());
      exception.initCause(failure);
      throw exception;
    }
  }

  /** The virtual machine warns of every file that is no library before it says so. */
  private static void requireLibrary(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(ELF.length);
      if (OS_IS_LINUX && !Arrays.equals(start, ELF)) {
        throw new IOException("a file that is no shared library");
      }
    }
  }

  /**
   * Opens the plugin's devices.
   *
   * @param options the plugin's own: a {@code String}, {@code Long}, {@code Integer}, {@code
   *     Float}, {@code Boolean} or {@code long[]} by name. The CPU plugin must be given {@code
   *     cpu_device_count}, or it comes up with a number of devices of its own choice; see {@link
   *     #cpuClient}
   * @throws PjrtException with the plugin's message
   */
  public Client client(Map<String, ?> options) {
    return Client.create(this, options);
  }

  /**
   * Opens the plugin's devices together with other processes, which do the same.
   *
   * @param options as for {@link #client(Map)}; the CUDA plugin wants to be told {@code node_id}
   *     and {@code num_nodes}
   * @param store where the plugin finds the other processes; used until the client is closed, from
   *     threads of the plugin's own too
   * @throws PjrtException with the plugin's message
   */
  public Client client(Map<String, ?> options, KeyValueStore store) {
    return Client.create(this, options, store);
  }

  /**
   * Opens the CPU plugin with a number of devices, all of them this machine's processor.
   *
   * @throws IllegalArgumentException for less than 1
   */
  public Client cpuClient(int deviceCount) {
    if (deviceCount < 1) {
      throw new IllegalArgumentException(
          "cpu client: expected 1 or more devices, got " + deviceCount);
    }
    return client(Map.of("cpu_device_count", (long) deviceCount));
  }

  /**
   * Describes devices that need not be present, to compile for them.
   *
   * @param name the plugin's name of it, such as {@code v5e:2x2}; may be empty
   * @param options the plugin's own
   * @throws PjrtException with the plugin's message
   */
  public Topology topology(String name, Map<String, ?> options) {
    return Topology.create(this, name, options);
  }

  /** The file it was loaded from. */
  public Path path() {
    return path;
  }

  /** What the plugin says of itself, such as {@code stablehlo_current_version}. */
  public Map<String, Object> attributes() {
    return attributes;
  }

  /** The version of the PJRT C API that it implements, {@code 0.N}. */
  public String apiVersion() {
    return "0." + api.minorVersion();
  }

  /** Text that differs between any two builds of plugins: part of the key of a cached program. */
  public String identity() {
    return identity;
  }

  @Override
  public String toString() {
    return "plugin '" + path + "'";
  }

  Api api() {
    return api;
  }

  Ledger ledger() {
    return ledger;
  }

  LongConsumer bufferDestroyer() {
    return bufferDestroyer;
  }

  LongConsumer eventDestroyer() {
    return eventDestroyer;
  }
}
