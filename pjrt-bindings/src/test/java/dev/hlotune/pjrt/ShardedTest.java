package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardedTest {
  /**
   * Rows over "data", columns over "model", the state donated; the product is summed over "model".
   */
  private static final String PROGRAM =
      """
      module @sharded attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
        sdy.mesh @mesh = <["data"=2, "model"=2]>
        func.func public @main(
            %x: tensor<4x6xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}, {"model"}]>,
                tf.aliasing_output = 0 : i32},
            %w: tensor<6xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"model"}]>},
            %s: tensor<f32>)
            -> (tensor<4x6xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}, {"model"}]>},
                tensor<4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}]>}) {
          %wide = stablehlo.broadcast_in_dim %s, dims = [] : (tensor<f32>) -> tensor<4x6xf32>
          %next = stablehlo.multiply %x, %wide : tensor<4x6xf32>
          %y = stablehlo.dot_general %next, %w, contracting_dims = [1] x [0]
              : (tensor<4x6xf32>, tensor<6xf32>) -> tensor<4xf32>
          return %next, %y : tensor<4x6xf32>, tensor<4xf32>
        }
      }
      """;

  @RegisterExtension static final WithClient CPU = new WithClient(4);

  private final Client client = CPU.client();

  @Test
  void hasAsManyDevicesAsAskedFor() {
    assertEquals(4, client.devices().size());
    assertEquals(4, client.addressableDevices().size());
    assertEquals(List.of(0, 1, 2, 3), client.devices().stream().map(Device::id).toList());
  }

  @Test
  void runsOneProgramOnFourDevices() {
    try (LoadedExecutable program = client.compile(PROGRAM, CompileOptions.sharded(4))) {
      run(program);
      byte[] serialized = program.serialize();
      try (LoadedExecutable again = client.load(serialized)) {
        run(again);
      }
    }
  }

  @Test
  void copiesBetweenDevices() {
    Device last = client.devices().getLast();
    try (DeviceBuffer here = client.transfer(new float[] {1, 2}, client.device(), 2);
        DeviceBuffer there = here.copyTo(last)) {
      assertEquals(last, there.device());
      assertArrayEquals(new float[] {1, 2}, there.readFloats());
    }
  }

  @Test
  void refusesAShardOnTheWrongDevice() {
    String program =
        """
        module @same {
          func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
            return %x : tensor<2xf32>
          }
        }
        """;
    try (LoadedExecutable same = client.compile(program, CompileOptions.singleDevice());
        DeviceBuffer there = client.transfer(new float[2], client.devices().getLast(), 2)) {
      assertThrows(PjrtException.class, () -> same.execute(List.of(there)));
    }
  }

  private void run(LoadedExecutable program) {
    assertEquals(
        List.of(
            new BufferType(ElementType.F32, 2, 3),
            new BufferType(ElementType.F32, 3),
            new BufferType(ElementType.F32)),
        program.signature().parameters());
    assertEquals(
        List.of(new BufferType(ElementType.F32, 2, 3), new BufferType(ElementType.F32, 2)),
        program.outputs());
    assertEquals(4, program.devices().size());
    List<List<DeviceBuffer>> arguments = new ArrayList<>();
    for (int device = 0; device < 4; device++) {
      Device target = program.devices().get(device);
      int row = device / 2;
      int column = device % 2;
      float[] x = new float[6];
      for (int index = 0; index < 6; index++) {
        x[index] = (row * 2 + index / 3) * 6 + column * 3 + index % 3;
      }
      arguments.add(
          List.of(
              client.transfer(x, target, 2, 3),
              client.transfer(new float[] {1, 1, 1}, target, 3),
              client.scalar(2f, target)));
    }
    List<Execution> runs = program.executeSharded(arguments);
    assertEquals(4, runs.size());
    for (int device = 0; device < 4; device++) {
      try (Execution run = runs.get(device)) {
        run.done().await();
        assertFalse(arguments.get(device).getFirst().isOpen());
        int first = device / 2 * 2;
        // The sum of a row r of 0..23 in rows of six is 36 r + 15; twice that here.
        assertArrayEquals(
            new float[] {2 * (36 * first + 15), 2 * (36 * (first + 1) + 15)},
            run.output(1).readFloats());
      }
      arguments.get(device).forEach(DeviceBuffer::close);
    }
  }
}
