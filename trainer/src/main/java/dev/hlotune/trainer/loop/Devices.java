package dev.hlotune.trainer.loop;

import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceMemory;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.sharding.hosts.PluginProcesses;
import dev.hlotune.sharding.hosts.ProcessGroup;
import dev.hlotune.trainer.hardware.GpuModel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The devices that a run is computed on. */
public final class Devices {
  private Devices() {}

  /**
   * Loads the plugin, installing it where that is needed, and opens a client.
   *
   * @param cpuDevices into how many devices the processor is divided
   * @param group the processes whose devices it opens together
   * @throws CancellationException if asked to stop meanwhile
   */
  public static Client open(
      MachineConfig machine,
      int cpuDevices,
      ProcessGroup group,
      RunObserver observer,
      AtomicBoolean stop) {
    PluginTarget target = target(machine);
    Plugin plugin =
        machine.plugin().isPresent()
            ? Plugin.load(machine.plugin().get())
            : PluginRegistry.ofEnvironment(machine.offline())
                .load(
                    target,
                    (file, done, total) -> {
                      if (stop.get()) {
                        throw new CancellationException("asked to stop");
                      }
                      observer.on(
                          new RunEvent.Progressed("installing " + file, done, Math.max(0, total)));
                    });
    if (target == PluginTarget.CPU) {
      return plugin.cpuClient(cpuDevices);
    }
    Map<String, Object> options = new HashMap<>();
    if (target == PluginTarget.CUDA13) {
      // The plugin would leave a quarter of the memory unused.
      options.put("memory_fraction", (float) GpuModel.USABLE);
    }
    if (group.count() == 1) {
      return plugin.client(options);
    }
    options.putAll(PluginProcesses.clientOptions(target, group.place()));
    return plugin.client(options, group.store(target.id()));
  }

  /** The same in a process that has no others. */
  static Client open(MachineConfig machine, RunObserver observer, AtomicBoolean stop) {
    return open(machine, 1, ProcessGroup.alone(), observer, stop);
  }

  /** The plugin that a recipe asks for. */
  static PluginTarget target(MachineConfig machine) {
    return switch (machine.platform()) {
      case CPU -> PluginTarget.CPU;
      case CUDA13 -> PluginTarget.CUDA13;
      case TPU -> PluginTarget.TPU;
    };
  }

  /**
   * Bytes that are free on the device. Where the device is the processor, what the system and the
   * limits of a container leave, shared equally; elsewhere the device's own figure, or no limit if
   * it has none.
   */
  static long freeMemory(Client client) throws IOException {
    if (client.platformName().equals("cpu")) {
      return MachineMemory.current().available() / client.addressableDevices().size();
    }
    DeviceMemory device = client.device().memory();
    return device.limit().isPresent()
        ? device.limit().getAsLong() - device.inUse()
        : Long.MAX_VALUE;
  }
}
