package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExecuteTest {
  private static final String ADD =
      """
      module @add {
        func.func public @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %sum = stablehlo.add %x, %y : tensor<2x3xf32>
          return %sum : tensor<2x3xf32>
        }
      }
      """;

  private static final String STEP =
      """
      module @step {
        func.func public @main(%state: tensor<1024xf32> {tf.aliasing_output = 0 : i32},
            %rate: tensor<f32>) -> (tensor<1024xf32>, tensor<f32>) {
          %wide = stablehlo.broadcast_in_dim %rate, dims = []
              : (tensor<f32>) -> tensor<1024xf32>
          %next = stablehlo.add %state, %wide : tensor<1024xf32>
          return %next, %rate : tensor<1024xf32>, tensor<f32>
        }
      }
      """;

  @RegisterExtension static final WithClient CPU = new WithClient(1);

  private final Client client = CPU.client();

  @Test
  void compilesAndRuns() {
    try (LoadedExecutable program = client.compile(ADD, CompileOptions.singleDevice());
        DeviceBuffer x = client.transfer(new float[] {1, 2, 3, 4, 5, 6}, client.device(), 2, 3);
        DeviceBuffer y =
            client.transfer(new float[] {10, 20, 30, 40, 50, 60}, client.device(), 2, 3);
        Execution run = program.execute(List.of(x, y))) {
      run.done().await();
      assertTrue(run.done().isReady());
      assertEquals(List.of(new BufferType(ElementType.F32, 2, 3)), program.outputs());
      assertArrayEquals(new float[] {11, 22, 33, 44, 55, 66}, run.output(0).readFloats());
      assertEquals("add", program.executable().name());
    }
  }

  @Test
  void keepsManyRunsInFlight() {
    try (LoadedExecutable program = client.compile(STEP, CompileOptions.singleDevice());
        DeviceBuffer rate = client.scalar(1f, client.device())) {
      DeviceBuffer state = client.transfer(new float[1024], client.device(), 1024);
      List<Event> events = new ArrayList<>();
      for (int step = 0; step < 50; step++) {
        DeviceBuffer before = state;
        Execution run = program.execute(List.of(state, rate));
        assertFalse(before.isOpen());
        state = run.output(0);
        run.output(1).close();
        events.add(run.done());
      }
      for (Event event : events) {
        event.await();
        event.close();
      }
      assertEquals(50f, state.readFloats()[17]);
      state.close();
    }
  }

  @Test
  void refusesADonatedBuffer() {
    try (LoadedExecutable program = client.compile(STEP, CompileOptions.singleDevice());
        DeviceBuffer rate = client.scalar(1f, client.device());
        DeviceBuffer state = client.transfer(new float[1024], client.device(), 1024)) {
      assertEquals(Set.of(0), program.signature().donated());
      try (Execution run = program.execute(List.of(state, rate))) {
        run.done().await();
      }
      IllegalStateException failure =
          assertThrows(IllegalStateException.class, () -> program.execute(List.of(state, rate)));
      assertTrue(failure.toString().contains("f32[1024]"), failure::toString);
      assertTrue(failure.toString().contains("donated to program 'step'"), failure::toString);
      assertThrows(IllegalStateException.class, state::readFloats);
    }
  }

  @Test
  void saysWhatMemoryTheProgramNeeds() {
    try (LoadedExecutable program = client.compile(STEP, CompileOptions.singleDevice())) {
      CompiledMemory memory = program.memory();
      assertEquals(4096 + 4, memory.argument());
      assertEquals(4096, memory.alias());
    }
  }
}
