package dev.hlotune.trainer.plan;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.Topology;
import dev.hlotune.trainer.hardware.Card;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.MachineMemory;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compiles for the devices of a target: absent ones, or those of this machine's processor. */
final class TargetCompiler implements AutoCloseable {
  private static final String MEMORY_LIMIT = "device_memory_bytes_limit";

  /** How a compiler says what a program would take that it refuses. */
  private static final List<Pattern> WANTED =
      List.of(
          Pattern.compile("\\(([\\d.]+)([KMGT]?)\\) exceeds available"),
          Pattern.compile("Used ([\\d.]+)([KMGT]?) of"));

  private final Target target;
  private final Plugin plugin;
  private final Optional<Client> client;
  private final Optional<Topology> topology;
  private final List<Device.Description> devices;
  private final long memory;
  private final long budget;

  /**
   * What became of a program.
   *
   * @param duration how long it took
   * @param result what was wanted of the compiled program; empty where the compiler refused it, as
   *     it needs more memory than there is
   * @param wanted bytes that it would have needed, where the compiler says
   * @param refusal what the compiler said
   * @param <T> of the result
   */
  record Attempt<T>(
      Duration duration, Optional<T> result, OptionalLong wanted, Optional<String> refusal) {}

  private TargetCompiler(
      Target target,
      Plugin plugin,
      Optional<Client> client,
      Optional<Topology> topology,
      long memory,
      long budget) {
    this.target = target;
    this.plugin = plugin;
    this.client = client;
    this.topology = topology;
    this.devices =
        client.isPresent()
            ? client.get().addressableDevices().stream().map(Device::description).toList()
            : topology.orElseThrow().devices();
    this.memory = memory;
    this.budget = budget;
  }

  /**
   * Gets the plugin, installing it and what it compiles with where they are missing, and describes
   * the devices to it.
   *
   * @throws PjrtException if it cannot be had, or does not know such devices
   * @throws CancellationException if asked to stop meanwhile
   */
  static TargetCompiler open(
      Target target, int count, SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    PluginRegistry.Progress progress =
        (file, done, total) -> {
          if (stop.get()) {
            throw new CancellationException("asked to stop");
          }
          observer.on(new RunEvent.Progressed("installing " + file, done, Math.max(0, total)));
        };
    Plugin plugin =
        config.machine().plugin().isPresent()
            ? Plugin.load(config.machine().plugin().get())
            : PluginRegistry.ofEnvironment(config.machine().offline())
                .loadCompiler(target.plugin(), progress);
    if (target instanceof Target.Cpu) {
      Client client = plugin.cpuClient(count);
      MachineMemory machine = MachineMemory.current();
      return new TargetCompiler(
          target,
          plugin,
          Optional.of(client),
          Optional.empty(),
          machine.total() / count,
          machine.available() / count);
    }
    Topology topology = target.open(plugin, count);
    Card card = target.card().orElseThrow();
    try {
      Device.Description first = topology.devices().getFirst();
      boolean tpu = target instanceof Target.Tpu;
      if (topology.devices().size() != count) {
        throw ConfigException.of(
            "'--target': expected %d devices of '%s', got %d"
                .formatted(count, target.spelled(), topology.devices().size()));
      }
      return new TargetCompiler(
          target,
          plugin,
          Optional.empty(),
          Optional.of(topology),
          card.memory(),
          tpu && first.attributes().get(MEMORY_LIMIT) instanceof Long limit
              ? limit
              : card.budget());
    } catch (RuntimeException e) {
      topology.close();
      throw e;
    }
  }

  /** The same devices with another memory; they are closed once. */
  TargetCompiler withBudget(long bytes) {
    return new TargetCompiler(target, plugin, client, topology, bytes, bytes);
  }

  /** Bytes of memory of each device. */
  long memory() {
    return memory;
  }

  /** Bytes of it that a run can have. */
  long budget() {
    return budget;
  }

  /** The plugin that compiles. */
  Plugin plugin() {
    return plugin;
  }

  /** What the plugin says of versions. */
  String platformVersion() {
    return client.isPresent()
        ? client.get().platformVersion()
        : topology.orElseThrow().platformVersion();
  }

  /** The kind of platform, as the plugin names it. */
  String platformName() {
    return client.isPresent() ? client.get().platformName() : topology.orElseThrow().platformName();
  }

  /** The devices. */
  List<Device.Description> devices() {
    return devices;
  }

  /** The client that a program can be put into the cache for, where the devices are there. */
  Optional<Client> client() {
    return client;
  }

  /** How a run on these devices has its programs compiled. */
  CompileOptions options() {
    int count = devices.size();
    return count == 1
        ? CompileOptions.singleDevice()
        : new CompileOptions(
            1,
            count,
            true,
            true,
            List.of(devices.stream().map(Device.Description::id).toList()),
            Map.of());
  }

  /**
   * Compiles a program.
   *
   * @param wanted reads what is wanted of it, before it is closed
   * @throws PjrtException if it cannot be compiled, whatever memory there is
   */
  <T> Attempt<T> compile(String text, Function<Executable, T> wanted) {
    long start = System.nanoTime();
    try {
      if (client.isPresent()) {
        try (LoadedExecutable loaded = client.get().compile(text, options())) {
          return done(start, wanted.apply(loaded.executable()));
        }
      }
      try (Executable executable = topology.orElseThrow().compile(text, options())) {
        return done(start, wanted.apply(executable));
      }
    } catch (PjrtException refused) {
      if (refused.code() != ErrorCode.RESOURCE_EXHAUSTED) {
        throw refused;
      }
      String message = String.valueOf(refused.getMessage());
      return new Attempt<>(
          Duration.ofNanos(System.nanoTime() - start),
          Optional.empty(),
          amount(message),
          Optional.of(message.lines().findFirst().orElse("")));
    }
  }

  private static <T> Attempt<T> done(long start, T result) {
    return new Attempt<>(
        Duration.ofNanos(System.nanoTime() - start),
        Optional.of(result),
        OptionalLong.empty(),
        Optional.empty());
  }

  /** Reads {@code 166.04G}, in powers of 1,024, out of a refusal. */
  static OptionalLong amount(String message) {
    for (Pattern pattern : WANTED) {
      Matcher matcher = pattern.matcher(message);
      if (matcher.find()) {
        int power = matcher.group(2).isEmpty() ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
        return OptionalLong.of(
            (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power)));
      }
    }
    return OptionalLong.empty();
  }

  /** As the command line takes it. */
  String spelled() {
    return target.spelled();
  }

  @Override
  public void close() {
    client.ifPresent(Client::close);
    topology.ifPresent(Topology::close);
  }
}
