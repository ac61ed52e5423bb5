package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * A donated argument changes where it lies. XNNPACK would go on with what was there in the first
   * run, and the product would be the same in every run.
   */
  @Test
  void productsSeeWhatADonatedArgumentHasBecome() {
    String program =
        """
        module @products {
          func.func public @main(%w: tensor<384x128xf32> {tf.aliasing_output = 0 : i32},
              %x: tensor<512x384xf32>) -> (tensor<384x128xf32>, tensor<512x128xf32>) {
            %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]
                : (tensor<512x384xf32>, tensor<384x128xf32>) -> tensor<512x128xf32>
            %g = stablehlo.dot_general %x, %y, contracting_dims = [0] x [0]
                : (tensor<512x384xf32>, tensor<512x128xf32>) -> tensor<384x128xf32>
            %one = stablehlo.constant dense<1.0> : tensor<384x128xf32>
            %sign = stablehlo.minimum %g, %one : tensor<384x128xf32>
            %more = stablehlo.maximum %sign, %one : tensor<384x128xf32>
            %next = stablehlo.add %w, %more : tensor<384x128xf32>
            return %next, %y : tensor<384x128xf32>, tensor<512x128xf32>
          }
        }
        """;
    float[] ones = new float[512 * 384];
    Arrays.fill(ones, 1);
    try (LoadedExecutable executable = client.compile(program, CompileOptions.singleDevice());
        DeviceBuffer x = client.transfer(ones, client.device(), 512, 384)) {
      DeviceBuffer w = client.transfer(new float[384 * 128], client.device(), 384, 128);
      for (int run = 0; run < 3; run++) {
        Execution execution = executable.execute(List.of(w, x));
        execution.done().close();
        w = execution.output(0);
        try (DeviceBuffer y = execution.output(1)) {
          float[] expected = new float[512 * 128];
          Arrays.fill(expected, 384 * run);
          assertArrayEquals(expected, y.readFloats(), "run " + run);
        }
      }
      w.close();
    }
  }
}
