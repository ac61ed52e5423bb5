package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.PluginTarget;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What plugins need for clients that span processes, and which of them can. */
public final class PluginProcesses {
  private PluginProcesses() {}

  /**
   * Refuses several processes where the plugin cannot span them. To be asked before anything is
   * loaded, and before the processes wait for one another.
   *
   * @throws PjrtException {@code UNIMPLEMENTED} with the reason
   */
  public static void check(PluginTarget target, ProcessPlace place) {
    if (target == PluginTarget.CPU && place.count() > 1) {
      throw Failures.of(
          ErrorCode.UNIMPLEMENTED,
          "num_processes: expected 1 with the plugin for CPUs, which has no communication between"
              + " processes, got "
              + place.count()
              + " ("
              + place.source()
              + "); give the devices of a mesh to one process, and where a launcher starts several runs"
              + " set HLOTUNE_NUM_PROCESSES=1");
    }
  }

  /**
   * The options of a client, beside the run's own. The CUDA plugin is told its place by {@code
   * node_id} and {@code num_nodes}; the TPU plugin finds it in its own environment.
   *
   * @return options for {@link dev.hlotune.pjrt.Plugin#client(Map, dev.hlotune.pjrt.KeyValueStore)}
   */
  public static Map<String, Object> clientOptions(PluginTarget target, ProcessPlace place) {
    Map<String, Object> options = new TreeMap<>();
    if (target == PluginTarget.CUDA13 && place.count() > 1) {
      options.put("node_id", (long) place.index());
      options.put("num_nodes", (long) place.count());
      place.localDevice().ifPresent(device -> options.put("visible_devices", new long[] {device}));
    }
    return options;
  }

  /**
   * Checks that plugin and run count the processes alike, as the batch's rows go by the one and its
   * devices by the other.
   *
   * @throws PjrtException {@code FAILED_PRECONDITION} if not
   */
  public static void checkPlace(Client client, ProcessPlace place) {
    int plugins = client.processIndex();
    if (place.count() > 1 && plugins != place.index()) {
      throw Failures.of(
          ErrorCode.FAILED_PRECONDITION,
          "process_id: expected "
              + plugins
              + ", as the plugin for "
              + client.platformName()
              + " counts, got "
              + place.index()
              + " ("
              + place.source()
              + ")");
    }
  }

  /**
   * All devices of all processes in the order that a mesh of several processes takes: those of a
   * process side by side, so that each process reads rows of the batch that lie side by side.
   */
  public static List<Device> devices(Client client) {
    return client.devices().stream()
        .sorted(
            Comparator.comparingInt((Device device) -> device.description().processIndex())
                .thenComparingInt(Device::id))
        .toList();
  }
}
