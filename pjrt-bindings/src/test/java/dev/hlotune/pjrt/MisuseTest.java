package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every wrong call is an exception that says what was wrong, and the process lives. */
class MisuseTest {
  private static final String NEGATE =
      """
      module @negate {
        func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {
          %y = stablehlo.negate %x : tensor<4xf32>
          return %y : tensor<4xf32>
        }
      }
      """;

  private static final String TAKE_BOTH =
      """
      module @take_both {
        func.func public @main(%x: tensor<4xf32> {tf.aliasing_output = 0 : i32},
            %y: tensor<4xf32> {tf.aliasing_output = 1 : i32}) -> (tensor<4xf32>, tensor<4xf32>) {
          %s = stablehlo.add %x, %y : tensor<4xf32>
          %d = stablehlo.subtract %x, %y : tensor<4xf32>
          return %s, %d : tensor<4xf32>, tensor<4xf32>
        }
      }
      """;

  @RegisterExtension static final WithClient CPU = new WithClient(1);

  private final Client client = CPU.client();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is no program",
        "module @empty {}",
        "module { func.func public @main() -> tensor<f32> { } }",
        "module { func.func public @main(%x: tensor<4xf32>) -> tensor<5xf32> { return %x : tensor<4xf32> } }",
        "module { func.func public @main(%x: tensor<?xf32>) -> tensor<?xf32> { return %x : tensor<?xf32> } }",
        "module { func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {"
            + " %y = stablehlo.no_such_op %x : tensor<4xf32> return %y : tensor<4xf32> } }",
        "module { func.func public @other(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> } }",
        "\u0000\u0001\u0002",
      })
  void saysWhatIsWrongWithAProgram(String program) {
    PjrtException failure =
        assertThrows(
            PjrtException.class, () -> client.compile(program, CompileOptions.singleDevice()));
    assertFalse(failure.toString().isBlank());
  }

  @Test
  void passesOnTheCompilersMessage() {
    String program = NEGATE.replace("stablehlo.negate", "stablehlo.negat");
    PjrtException failure =
        assertThrows(
            PjrtException.class, () -> client.compile(program, CompileOptions.singleDevice()));
    assertEquals("PJRT_Client_Compile", failure.function());
    assertTrue(failure.toString().contains("stablehlo.negat"), failure::toString);
  }

  @Test
  void refusesWhatWouldEndTheProcess() {
    misuse("got none", () -> client.compile("  \n", CompileOptions.singleDevice()));
    misuse("at most 1 devices", () -> client.compile(NEGATE, CompileOptions.sharded(2)));
    CompileOptions elsewhere =
        new CompileOptions(1, 1, false, false, List.of(List.of(9)), Map.of());
    misuse("ids among [0], got 9", () -> client.compile(NEGATE, elsewhere));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CompileOptions(0, 1, false, false, List.of(), Map.of()));
  }

  @Test
  void refusesAnUnknownFlag() {
    CompileOptions options = CompileOptions.singleDevice().withOverride("xla_no_such_flag", true);
    misuse("No such compile option", () -> client.compile(NEGATE, options));
    assertThrows(
        IllegalArgumentException.class,
        () -> CompileOptions.singleDevice().withOverride("xla_dump_to", new Object()));
  }

  @Test
  void refusesArgumentsThatDoNotFit() {
    try (LoadedExecutable negate = client.compile(NEGATE, CompileOptions.singleDevice());
        DeviceBuffer right = client.transfer(new float[4], client.device(), 4);
        DeviceBuffer shape = client.transfer(new float[4], client.device(), 2, 2);
        DeviceBuffer type = client.transfer(new int[4], client.device(), 4)) {
      misuse("expected 1 arguments, got 0", () -> negate.execute(List.of()));
      misuse("expected 1 arguments, got 2", () -> negate.execute(List.of(right, right)));
      misuse("argument 0 to be f32[4], got buffer", () -> negate.execute(List.of(shape)));
      misuse("argument 0 to be f32[4], got buffer", () -> negate.execute(List.of(type)));
      misuse(
          "for 1 devices, got them for 2",
          () -> negate.executeSharded(List.of(List.of(), List.of())));
    }
  }

  @Test
  void refusesAnotherClientsBufferAndDevice() {
    try (Client other = client.plugin().cpuClient(1);
        LoadedExecutable negate = client.compile(NEGATE, CompileOptions.singleDevice());
        DeviceBuffer theirs = other.transfer(new float[4], other.device(), 4)) {
      misuse("of the same client", () -> negate.execute(List.of(theirs)));
      misuse("of another", () -> client.transfer(new float[4], other.device(), 4));
      misuse("of another", () -> theirs.copyTo(client.device()));
    }
  }

  @Test
  void refusesWhatIsClosed() {
    LoadedExecutable negate = client.compile(NEGATE, CompileOptions.singleDevice());
    DeviceBuffer closed = client.transfer(new float[4], client.device(), 4);
    closed.close();
    closed.close();
    misuse(
        closed + ": expected an open handle, got one that was closed",
        () -> negate.execute(List.of(closed)));
    misuse("closed", closed::readFloats);
    misuse("closed", closed::ready);
    misuse("closed", closed::onDeviceSize);
    try (DeviceBuffer open = client.transfer(new float[4], client.device(), 4)) {
      Execution run = negate.execute(List.of(open));
      run.close();
      run.close();
      misuse("closed", () -> run.done().await());
      misuse("closed", () -> run.done().isReady());
      negate.close();
      negate.close();
      misuse("closed", () -> negate.execute(List.of(open)));
      misuse("closed", negate::memory);
      misuse("closed", negate::serialize);
    }
  }

  @Test
  void refusesToTakeOneBufferTwice() {
    try (LoadedExecutable take = client.compile(TAKE_BOTH, CompileOptions.singleDevice());
        DeviceBuffer both = client.transfer(new float[] {1, 2, 3, 4}, client.device(), 4)) {
      assertThrows(PjrtException.class, () -> take.execute(List.of(both, both)));
    }
  }

  @Test
  void refusesEverythingOfAClosedClient() {
    Client other = client.plugin().cpuClient(1);
    DeviceBuffer buffer = other.transfer(new float[4], other.device(), 4);
    LoadedExecutable negate = other.compile(NEGATE, CompileOptions.singleDevice());
    Execution run = negate.execute(List.of(buffer));
    other.close();
    other.close();
    misuse("closed", buffer::readFloats);
    misuse("closed", () -> negate.execute(List.of(buffer)));
    misuse("closed", () -> run.done().await());
    misuse("closed", () -> other.scalar(1f, other.device()));
    misuse("closed", () -> other.compile(NEGATE, CompileOptions.singleDevice()));
    misuse("closed", other::topology);
    run.close();
    negate.close();
    buffer.close();
  }

  @Test
  void refusesDamagedAndForeignPrograms() {
    byte[] good;
    try (LoadedExecutable negate = client.compile(NEGATE, CompileOptions.singleDevice())) {
      good = negate.serialize();
    }
    byte[] damaged = good.clone();
    damaged[good.length / 2] ^= 1;
    misuse("match their digest", () -> client.load(damaged));
    misuse("expected", () -> client.load(new byte[3]));
    misuse("expected", () -> client.load(new byte[500]));
    SerializedProgram inside = SerializedProgram.decode(good, client.plugin().identity());
    byte[] foreign = inside.encode("another plugin");
    misuse("got one by 'another plugin'", () -> client.load(foreign));
    // Bytes that are whole but no program reach the plugin, which must say so and live.
    byte[] nonsense =
        new SerializedProgram(inside.signature(), new byte[] {1, 2, 3})
            .encode(client.plugin().identity());
    assertThrows(PjrtException.class, () -> client.load(nonsense));
    try (LoadedExecutable again = client.load(good);
        DeviceBuffer x = client.transfer(new float[] {1, 2, 3, 4}, client.device(), 4);
        Execution run = again.execute(List.of(x))) {
      assertEquals(List.of(new BufferType(ElementType.F32, 4)), again.signature().parameters());
      assertArrayEquals(new float[] {-1, -2, -3, -4}, run.output(0).readFloats());
    }
  }

  @Test
  void refusesAnUnknownClientOption() {
    assertThrows(
        IllegalArgumentException.class, () -> client.plugin().client(Map.of("x", new Object())));
    assertThrows(IllegalArgumentException.class, () -> client.plugin().cpuClient(0));
  }

  private static void misuse(String message, Executable call) {
    RuntimeException failure = assertThrows(RuntimeException.class, call);
    assertTrue(
        failure instanceof PjrtException || failure instanceof IllegalStateException,
        failure::toString);
    assertTrue(failure.toString().contains(message), failure::toString);
  }
}
