package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.trainer.TestClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What devices exchange, read out of what the compiler made. */
final class OptimizedProgramTest {
  private static final String HEADER =
      """
      module @m attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
        sdy.mesh @mesh = <["d"=4]>
      """;

  private static List<Collective> compiled(String text) {
    try (Client client = TestClient.get().plugin().cpuClient(4);
        LoadedExecutable made = client.compile(text, CompileOptions.sharded(4))) {
      return OptimizedProgram.collectives(made.executable().optimizedProgram(), 4, 1);
    }
  }

  @Test
  void gatheringMovesWhatTheOthersHave() {
    String gather =
        HEADER
            + """
              func.func public @main(
                  %a: tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"d"}, {}]>})
                  -> (tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}) {
                return %a : tensor<8x16xf32>
              }
            }
            """;
    assertEquals(List.of(new Collective("all-gather", 1, 512, 384)), compiled(gather));
  }

  @Test
  void partialSumsAreAddedInEveryRoundOfALoop() {
    String loop =
        HEADER
            + """
              func.func public @main(
                  %x: tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {"d"}]>},
                  %w: tensor<16x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"d"}, {}]>})
                  -> (tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}) {
                %zero = stablehlo.constant dense<0> : tensor<i32>
                %one = stablehlo.constant dense<1> : tensor<i32>
                %five = stablehlo.constant dense<5> : tensor<i32>
                %nothing = stablehlo.constant dense<0.0> : tensor<8x16xf32>
                %r:2 = stablehlo.while(%i = %zero, %sum = %nothing) : tensor<i32>, tensor<8x16xf32>
                  cond {
                    %c = stablehlo.compare LT, %i, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
                    stablehlo.return %c : tensor<i1>
                  } do {
                    %n = stablehlo.add %i, %one : tensor<i32>
                    %s = sdy.sharding_constraint %sum <@mesh, [{}, {"d"}]> : tensor<8x16xf32>
                    %y = stablehlo.add %s, %x : tensor<8x16xf32>
                    %p = stablehlo.dot_general %y, %w, contracting_dims = [1] x [0]
                      : (tensor<8x16xf32>, tensor<16x16xf32>) -> tensor<8x16xf32>
                    %q = sdy.sharding_constraint %p <@mesh, [{}, {}]> : tensor<8x16xf32>
                    stablehlo.return %n, %q : tensor<i32>, tensor<8x16xf32>
                  }
                return %r#1 : tensor<8x16xf32>
              }
            }
            """;
    // 8 × 16 numbers of four bytes; three quarters of them pass each device twice.
    assertTrue(
        compiled(loop).contains(new Collective("all-reduce", 5, 2560, 3840)),
        () -> compiled(loop).toString());
  }

  /** A message, field by field, for programs that the CPU's compiler does not make. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message with(int field, Message nested) {
      return with(field, nested.bytes.toByteArray());
    }

    Message text(int field, String text) {
      return with(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private Message with(int field, byte[] nested) {
      varint((field << 3) | 2);
      varint(nested.length);
      bytes.writeBytes(nested);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while (Long.compareUnsigned(rest, 0x7f) > 0) {
        bytes.write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }
  }

  private static Message shape(long type, long... sizes) {
    Message shape = new Message().number(2, type);
    for (long size : sizes) {
      shape.number(3, size);
    }
    return shape;
  }

  private static Message instruction(long id, String opcode, Message shape, long... operands) {
    Message made = new Message().text(2, opcode).with(3, shape).number(35, id);
    for (long operand : operands) {
      made.number(36, operand);
    }
    return made;
  }

  /** Weights in bfloat16 gathered along one of two axes of a mesh, within an asynchronous call. */
  @Test
  void asynchronousOnesAlongAnAxisOfTheMeshAreFound() {
    Message axes =
        new Message()
            .with(
                1,
                new Message()
                    .with(1, new Message().text(1, "data").number(2, 2))
                    .with(1, new Message().text(1, "fsdp").number(2, 4)))
            .with(2, new Message().number(1, 1));
    Message called =
        new Message()
            .number(5, 7)
            .with(2, instruction(1, "parameter", shape(16, 10, 8)))
            .with(2, instruction(2, "reduce-scatter", shape(16, 10, 2), 1).with(93, axes));
    Message body =
        new Message()
            .number(5, 3)
            .with(2, instruction(1, "async-start", shape(16, 10, 2)).number(38, 7));
    Message condition =
        new Message()
            .number(5, 4)
            .with(2, instruction(1, "constant", shape(4)).with(8, new Message().number(4, 32)))
            .with(2, instruction(2, "compare", shape(1), 1).text(63, "LT"));
    Message entry =
        new Message()
            .number(5, 9)
            .with(2, instruction(1, "while", shape(4)).number(38, 4).number(38, 3));
    Message module =
        new Message().number(6, 9).with(3, called).with(3, body).with(3, condition).with(3, entry);
    byte[] code = new Message().with(1, module).bytes.toByteArray();
    assertEquals(
        List.of(new Collective("reduce-scatter", 32, 32 * 160, 32 * 120)),
        OptimizedProgram.collectives(new Executable.Optimized("hlo_with_config", code), 8, 1));
  }

  @Test
  void otherBytesAreNoProgram() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            OptimizedProgram.collectives(
                new Executable.Optimized("hlo", new byte[] {0x0a, 0x7f, 1}), 1, 1));
  }
}
