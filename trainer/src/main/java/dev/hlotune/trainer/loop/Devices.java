package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import java.io.IOException;
import java.util.Map;

/** The devices that a run is computed on. */
public final class Devices {
  private static final double MIB = 1 << 20;

  private Devices() {}

  /** Loads the plugin, installing it where that is needed, and opens a client of one device. */
  public static Client open(MachineConfig machine, RunObserver observer) {
    PluginTarget target =
        switch (machine.platform()) {
          case CPU -> PluginTarget.CPU;
          case CUDA13 -> PluginTarget.CUDA13;
          case TPU -> PluginTarget.TPU;
        };
    Plugin plugin =
        machine.plugin().isPresent()
            ? Plugin.load(machine.plugin().get())
            : PluginRegistry.ofEnvironment(machine.offline())
                .load(
                    target,
                    (file, done, total) ->
                        observer.on(
                            new RunEvent.Progressed(
                                "installing " + file, done, Math.max(0, total))));
    return target == PluginTarget.CPU ? plugin.cpuClient(1) : plugin.client(Map.of());
  }

  /**
   * Compares what the largest program needs with what is free, where the device is the processor.
   *
   * @throws ConfigException that names the keys to lower
   */
  static void requireMemory(Client client, long bytes) throws IOException {
    if (!client.platformName().equals("cpu")) {
      return;
    }
    long available = MachineMemory.current().available();
    if (bytes > available) {
      throw ConfigException.of(
          "memory: expected room for %.0f MiB that the step needs, got %.0f MiB; lower per_device_train_batch_size or max_length, or set gradient_checkpointing to full"
              .formatted(bytes / MIB, available / MIB));
    }
  }
}
