package dev.hlotune.sharding.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.CpuPlugin;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldBlocksTest {
  private static final List<String> BATCH = List.of("data", "fsdp");

  private static Mesh mesh(int data, int fsdp, int tensor) {
    return Mesh.of(new Axis("data", data), new Axis("fsdp", fsdp), new Axis("tensor", tensor));
  }

  /** What each of several processes holds that share out the devices in their order. */
  private static List<HeldBlocks> shares(Mesh mesh, int processes) {
    int each = mesh.deviceCount() / processes;
    return IntStream.range(0, processes)
        .mapToObj(process ->
            HeldBlocks.of(
                mesh,
                BATCH,
                IntStream.range(process * each, (process + 1) * each).boxed().toList()))
        .toList();
  }

  @Test
  void processesShareOutTheRows() {
    assertEquals(
        List.of(new HeldBlocks(0, 4, 8), new HeldBlocks(4, 8, 8)), shares(mesh(2, 4, 1), 2));
    assertEquals(
        List.of(new HeldBlocks(0, 1, 2), new HeldBlocks(1, 2, 2)), shares(mesh(1, 2, 4), 2));
    assertEquals(List.of(new HeldBlocks(0, 4, 4)), shares(mesh(2, 2, 2), 1));
  }

  /** With tensor parallelism over hosts, two of them read the same rows. */
  @Test
  void someProcessesHaveTheSameRows() {
    HeldBlocks first = new HeldBlocks(0, 1, 2);
    HeldBlocks second = new HeldBlocks(1, 2, 2);
    assertEquals(List.of(first, first, second, second), shares(mesh(2, 1, 8), 4));
  }

  @Test
  void rowsThatLieApartAreRefused() {
    ShapeException failure =
        assertThrows(
            ShapeException.class, () -> HeldBlocks.of(mesh(4, 1, 1), BATCH, List.of(0, 2)));
    assertTrue(
        failure.toString().contains("expected the devices of a process to hold consecutive")
            && failure.toString().contains("got blocks {0, 2}; order the devices by process"),
        failure::toString);
    assertThrows(ShapeException.class, () -> HeldBlocks.of(mesh(4, 1, 1), BATCH, List.of()));
  }

  @Test
  void oneProcessHasAll() {
    try (Client client = CpuPlugin.get().cpuClient(4)) {
      DeviceMesh devices = new DeviceMesh(mesh(2, 2, 1), client, PluginProcesses.devices(client));
      assertEquals(new HeldBlocks(0, 4, 4), HeldBlocks.here(devices, BATCH));
      assertEquals(client.devices(), devices.devices());
    }
  }
}
