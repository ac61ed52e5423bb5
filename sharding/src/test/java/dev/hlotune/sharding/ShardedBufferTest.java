package dev.hlotune.sharding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Handles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShardedBufferTest {
  private static final Mesh MESH = Mesh.of(new Axis("data", 2), new Axis("fsdp", 2));
  private static final Shape SHAPE =
      Shape.of(DType.I32, new Axis("a", 4), new Axis("b", 6), new Axis("c", 4));

  private static Client client;

  @BeforeAll
  static void open() {
    client = CpuPlugin.get().cpuClient(4);
  }

  @AfterAll
  static void close() {
    if (client != null) {
      client.close();
      assertEquals(0, Handles.live());
    }
  }

  /** Every way to split the three axes: none, one, two, outer and inner, both on one. */
  static List<List<List<String>>> splits() {
    List<String> none = List.of();
    List<String> data = List.of("data");
    List<String> fsdp = List.of("fsdp");
    return List.of(
        List.of(none, none, none),
        List.of(data, none, none),
        List.of(none, fsdp, none),
        List.of(none, none, data),
        List.of(fsdp, data, none),
        List.of(data, none, fsdp),
        List.of(none, data, fsdp),
        List.of(List.of("data", "fsdp"), none, none),
        List.of(none, none, List.of("fsdp", "data")));
  }

  @ParameterizedTest
  @MethodSource("splits")
  void comesBackAsItWent(List<List<String>> splits) {
    Placement placement = new Placement(MESH, SHAPE, splits);
    int[] values = IntStream.range(0, 96).toArray();
    try (Arena arena = Arena.ofConfined();
        ShardedBuffer buffer =
            ShardedBuffer.scatter(
                DeviceMesh.of(MESH, client), placement, MemorySegment.ofArray(values))) {
      for (int device = 0; device < 4; device++) {
        assertArrayEquals(
            block(placement, device), buffer.shards().get(device).readInts(), "device " + device);
        assertEquals(client.devices().get(device), buffer.shards().get(device).device());
      }
      int[] back = new int[96];
      buffer.gather(MemorySegment.ofArray(back));
      assertArrayEquals(values, back);
      MemorySegment outside = arena.allocate(96 * 4, 64);
      buffer.gather(outside);
      assertArrayEquals(values, outside.toArray(ValueLayout.JAVA_INT));
    }
  }

  /** Element by element from the definition: the array holds each element's own number. */
  private static int[] block(Placement placement, int device) {
    long[] block = placement.shard().sizes();
    return IntStream.range(0, 96)
        .filter(element -> {
          int[] index = {element / 24, element / 4 % 6, element % 4};
          return IntStream.range(0, 3)
              .allMatch(axis -> index[axis] / block[axis] == placement.block(device, axis));
        })
        .toArray();
  }

  @Test
  void refusesWhatDoesNotFit() {
    DeviceMesh devices = DeviceMesh.of(MESH, client);
    Placement whole = Placement.replicated(MESH, SHAPE);
    assertEquals(
        "sharded buffer i32[a=4, b=6, c=4]: expected memory of 384 bytes, got 8",
        assertThrows(
                IllegalArgumentException.class,
                () -> ShardedBuffer.scatter(devices, whole, MemorySegment.ofArray(new int[2])))
            .getMessage());
    Mesh line = Mesh.of(new Axis("data", 4));
    assertThrows(
        ShapeException.class,
        () ->
            ShardedBuffer.scatter(
                devices, Placement.replicated(line, SHAPE), MemorySegment.ofArray(new int[96])));
    try (ShardedBuffer buffer =
        ShardedBuffer.scatter(devices, whole, MemorySegment.ofArray(new int[96]))) {
      Placement split = new Placement(MESH, SHAPE, List.of(List.of("data"), List.of(), List.of()));
      assertThrows(
          ShapeException.class, () -> new ShardedBuffer(split, buffer.held(), buffer.shards()));
    }
    String message =
        assertThrows(
                ShapeException.class, () -> DeviceMesh.of(Mesh.of(new Axis("data", 3)), client))
            .getMessage();
    assertEquals(
        "mesh [data=3]: expected 3 different devices, got 4 "
            + client.devices()
            + "; choose sizes whose product is the number of devices",
        message);
  }

  /** A process of several has some of the blocks, and says so when all are asked for. */
  @Test
  void blocksOfOtherProcessesCannotBeRead() {
    try (Client client = CpuPlugin.get().cpuClient(4)) {
      DeviceMesh devices = DeviceMesh.of(MESH, client);
      Placement split = new Placement(MESH, SHAPE, List.of(List.of("data"), List.of(), List.of()));
      try (ShardedBuffer all =
          ShardedBuffer.scatter(devices, split, MemorySegment.ofArray(new int[96]))) {
        assertTrue(all.isHere());
        // The devices of one half of the batch have half of the blocks, twice.
        ShardedBuffer half = new ShardedBuffer(split, List.of(0, 1), all.shards().subList(0, 2));
        assertFalse(half.isHere());
        assertThrows(
            IllegalStateException.class, () -> half.gather(MemorySegment.ofArray(new int[96])));
        ShardedBuffer both =
            new ShardedBuffer(
                split, List.of(1, 3), List.of(all.shards().get(1), all.shards().get(3)));
        assertTrue(both.isHere());
        both.gather(MemorySegment.ofArray(new int[96]));
      }
    }
  }
}
