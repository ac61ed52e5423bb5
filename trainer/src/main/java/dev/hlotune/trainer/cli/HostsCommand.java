package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.sharding.hosts.Launch;
import dev.hlotune.sharding.hosts.LaunchDetection;
import dev.hlotune.sharding.hosts.PluginProcesses;
import dev.hlotune.sharding.hosts.ProcessGroup;
import dev.hlotune.sharding.hosts.ProcessPlace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Started on several hosts as a run would be: finds the place of each process, brings them
 * together, opens their devices if asked to, and says what is where.
 */
@Command(
    name = "hosts",
    description =
        "Start on several hosts as a run would, and show which processes meet, and their devices.",
    mixinStandardHelpOptions = true)
final class HostsCommand implements Callable<Integer> {
  private static final String SEPARATOR = "\t";

  private final Console console;
  private final Map<String, String> environment;

  @Option(
      names = "--coordinator_address",
      paramLabel = "HOST:PORT",
      description = "Where process 0 is; without it, as the launcher's variables say.")
  private @Nullable String address;

  @Option(
      names = "--num_processes",
      paramLabel = "N",
      description = "How many processes there are.")
  private @Nullable Integer count;

  @Option(
      names = "--process_id",
      paramLabel = "I",
      description = "Which of them this one is, from 0.")
  private @Nullable Integer index;

  @Option(
      names = "--coordinator_timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long they wait for one another (default: 300).")
  private int timeout = 300;

  @Option(
      names = "--platform",
      paramLabel = "cpu|cuda13|tpu",
      description = "Open these devices too; without it, none.")
  private @Nullable String platform;

  @Option(names = "--offline", description = "Ask no server for the plugin.")
  private boolean offline;

  HostsCommand(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    LaunchDetection.Detected detected =
        LaunchDetection.of(
            new Launch(Optional.ofNullable(address), number(count), number(index), seconds()),
            environment);
    detected.notes().forEach(console::note);
    ProcessPlace place =
        detected
            .place()
            .orElseThrow(() ->
                new ConfigException(
                    detected.problems().stream()
                        .map(problem -> new Problem(Optional.empty(), List.of(), problem))
                        .toList()));
    Optional<PluginTarget> target = Optional.ofNullable(platform).map(PluginsCommand::target);
    target.ifPresent(wanted -> PluginProcesses.check(wanted, place));
    console.print(place.toString());
    try (ProcessGroup group = ProcessGroup.join(place, environment, console::note)) {
      try {
        String devices = target.map(wanted -> devices(wanted, group)).orElse("not opened");
        show(group, devices);
        group.barrier("shown", seconds());
      } catch (RuntimeException failure) {
        // Before the others only hear that this one has ended.
        group.abandon("failed: " + failure.getMessage());
        throw failure;
      }
    }
    return ExitCode.OK.number();
  }

  private Duration seconds() {
    return Duration.ofSeconds(timeout);
  }

  /** Every process says what it has; process 0 prints it. */
  private void show(ProcessGroup group, String devices) {
    KeyValueStore store = group.store("hosts");
    store.put(
        key(group.index()),
        String.join(SEPARATOR, group.host(), String.valueOf(ProcessHandle.current().pid()), devices)
            .getBytes(StandardCharsets.UTF_8));
    if (group.isCoordinator()) {
      console.print("process  host, pid, devices");
      for (int process = 0; process < group.count(); process++) {
        String said = new String(store.get(key(process), seconds()), StandardCharsets.UTF_8);
        console.print("%-7d  %s".formatted(process, String.join(", ", said.split(SEPARATOR, -1))));
      }
    }
  }

  private static byte[] key(int process) {
    return String.valueOf(process).getBytes(StandardCharsets.UTF_8);
  }

  /** Opens the devices of all processes; what this one has of them: {@code 8 of 32, NVIDIA …}. */
  private String devices(PluginTarget target, ProcessGroup group) {
    Plugin plugin =
        PluginRegistry.ofEnvironment(offline).load(target, PluginRegistry.Progress.silent());
    Map<String, Object> options =
        new TreeMap<>(PluginProcesses.clientOptions(target, group.place()));
    if (target == PluginTarget.CPU) {
      options.put("cpu_device_count", 1L);
    }
    try (Client client = plugin.client(options, group.store("client"))) {
      PluginProcesses.checkPlace(client, group.place());
      String kinds =
          client.addressableDevices().stream()
              .map(Device::kind)
              .distinct()
              .collect(Collectors.joining(", "));
      return client.addressableDevices().size()
          + " of "
          + client.devices().size()
          + " ("
          + kinds
          + ")";
    }
  }

  private static OptionalInt number(@Nullable Integer value) {
    return Arrays.stream(value == null ? new int[0] : new int[] {value}).findFirst();
  }
}
