package dev.hlotune.sharding.hosts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.sharding.CpuPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PluginProcessesTest {
  private static ProcessPlace place(int index, int count, OptionalInt device) {
    return new ProcessPlace(
        index,
        count,
        Optional.of(new HostPort("node7", 1)),
        device,
        Launch.DEFAULT_TIMEOUT,
        "Slurm");
  }

  @Test
  void refusesSeveralProcessesOnCpus() {
    PjrtException failure =
        assertThrows(
            PjrtException.class,
            () -> PluginProcesses.check(PluginTarget.CPU, place(1, 4, OptionalInt.empty())));
    assertEquals(ErrorCode.UNIMPLEMENTED, failure.code());
    assertTrue(
        failure.toString().contains("expected 1 with the plugin for CPUs")
            && failure.toString().contains("got 4 (Slurm)"),
        failure::toString);
    assertDoesNotThrow(() -> PluginProcesses.check(PluginTarget.CPU, ProcessPlace.alone()));
    assertDoesNotThrow(
        () -> PluginProcesses.check(PluginTarget.CUDA13, place(1, 4, OptionalInt.empty())));
  }

  @Test
  void tellsTheCudaPluginItsPlace() {
    Map<String, Object> options =
        PluginProcesses.clientOptions(PluginTarget.CUDA13, place(3, 4, OptionalInt.of(1)));
    assertEquals(Set.of("node_id", "num_nodes", "visible_devices"), options.keySet());
    assertEquals(3L, options.get("node_id"));
    assertEquals(4L, options.get("num_nodes"));
    assertArrayEquals(new long[] {1}, (long[]) options.get("visible_devices"));
    assertEquals(
        Map.of(), PluginProcesses.clientOptions(PluginTarget.TPU, place(3, 4, OptionalInt.of(1))));
    assertEquals(
        Map.of(), PluginProcesses.clientOptions(PluginTarget.CUDA13, ProcessPlace.alone()));
  }

  /** Why several processes are refused there: it knows nothing of others, whatever it is told. */
  @Test
  void thePluginForCpusKnowsOfNoOthers() {
    Map<String, Object> options = new HashMap<>(Map.of("cpu_device_count", 1L));
    options.putAll(
        PluginProcesses.clientOptions(PluginTarget.CUDA13, place(1, 2, OptionalInt.empty())));
    try (ProcessGroup group = ProcessGroup.alone();
        Client client = CpuPlugin.get().client(options, group.store("cpu"))) {
      assertEquals(1, client.devices().size());
      PjrtException failure =
          assertThrows(
              PjrtException.class,
              () -> PluginProcesses.checkPlace(client, place(1, 2, OptionalInt.empty())));
      assertTrue(
          failure.toString().contains("expected 0, as the plugin for cpu counts, got 1 (Slurm)"),
          failure::toString);
      assertDoesNotThrow(() -> PluginProcesses.checkPlace(client, ProcessPlace.alone()));
    }
  }

  /** The pinned CUDA plugin checks the names of options before it looks for a GPU. */
  @Test
  void theCudaPluginKnowsTheOptions() {
    Optional<Path> file = PluginRegistry.ofEnvironment(true).locate(PluginTarget.CUDA13);
    assumeTrue(
        file.filter(path -> path.endsWith("xla_cuda_plugin.so")).isPresent(),
        "the CUDA plugin is not installed here");
    Plugin plugin = Plugin.load(file.orElseThrow());
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        refusal(plugin, Map.of("node", 1L)),
        "an option that is not there");
    assertNotEquals(
        ErrorCode.INVALID_ARGUMENT,
        refusal(
            plugin,
            PluginProcesses.clientOptions(PluginTarget.CUDA13, place(0, 2, OptionalInt.of(0)))),
        "our options");
  }

  /** With GPUs too no client comes of it, because the other process is never found. */
  private static ErrorCode refusal(Plugin plugin, Map<String, Object> options) {
    KeyValueStore broken =
        new KeyValueStore() {
          @Override
          public void put(byte[] key, byte[] value) {}

          @Override
          public byte[] get(byte[] key, Duration timeout) {
            throw Failures.of(ErrorCode.UNAVAILABLE, "test: no value");
          }

          @Override
          public Optional<byte[]> tryGet(byte[] key) {
            return Optional.empty();
          }
        };
    return assertThrows(PjrtException.class, () -> plugin.client(options, broken).close()).code();
  }
}
