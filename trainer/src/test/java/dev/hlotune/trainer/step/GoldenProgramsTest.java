package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.golden.Programs;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The golden texts on a device: all compile, and every operation gives what the evaluator says. */
class GoldenProgramsTest {
  @TestFactory
  Stream<DynamicTest> operationsEqualTheEvaluator() {
    return Programs.operations().stream()
        .map(program ->
            DynamicTest.dynamicTest(
                program.name(),
                () -> {
                  try (CompiledProgram compiled =
                      CompiledProgram.quick(program, golden(program.name()))) {
                    for (int seed = 1; seed <= 3; seed++) {
                      compare(compiled, inputs(program, seed));
                    }
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> modelsCompile() {
    return Programs.models().stream()
        .map(program ->
            DynamicTest.dynamicTest(
                program.name(),
                () -> {
                  try (CompiledProgram compiled =
                      CompiledProgram.quick(program, golden(program.name()))) {
                    assertEquals(
                        program.outputs().size(), compiled.device().executable().outputs().size());
                  }
                }));
  }

  /** What the compiler has to say of a node begins with the line that made it. */
  @Test
  void aGraphErrorNamesOurLine() {
    Tensor x = Tensors.parameter("x", Shape.of(DType.F32, new Axis("i", 4)));
    Tensor part = x.slice("i", 0, 2);
    int line = part.source().line();
    String text =
        Emitter.emit(
            new Program(
                "wrong",
                List.of(Program.Input.kept(x)),
                List.of(Program.Output.of("result", part))));
    String wrong = text.replace("[0:2]", "[0:9]");
    assertTrue(!wrong.equals(text), text);
    PjrtException thrown =
        assertThrows(
            PjrtException.class,
            () -> TestClient.get().compile(wrong, CompileOptions.singleDevice()));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(
        message.contains("GoldenProgramsTest.java") && message.contains(":" + line + ":"), message);
  }

  private static void compare(CompiledProgram compiled, ParamMap<NdArray> inputs) {
    Program program = compiled.program();
    ParamMap<NdArray> expected =
        Evaluator.evaluate(
            program, program.inputs().stream().map(input -> inputs.get(input.name())).toList());
    ParamMap<NdArray> got = compiled.run(inputs);
    for (String name : expected.names()) {
      compare(name, expected.get(name), got.get(name));
    }
  }

  private static void compare(String name, NdArray expected, NdArray got) {
    double tolerance = tolerance(expected.shape().dtype());
    for (int i = 0; i < expected.values().length; i++) {
      double wanted = expected.values()[i];
      double found = got.values()[i];
      boolean same =
          Double.compare(wanted, found) == 0
              || Math.abs(wanted - found) <= tolerance * Math.max(1, Math.abs(wanted));
      assertTrue(
          same,
          "%s %s [%d]: expected %s, got %s".formatted(name, expected.shape(), i, wanted, found));
    }
  }

  /** A few units in the last place; integers are exact. */
  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-13;
      case F32 -> 2e-6;
      case F16 -> 1.0 / 512;
      case BF16 -> 1.0 / 64;
      case I32, I64, I8, U32, U8, BOOL -> 0;
    };
  }

  /** Floats between 1/4 and 2 that every type holds exactly; integers from 0 to 2. */
  private static ParamMap<NdArray> inputs(Program program, long seed) {
    Random random = new Random(seed);
    ParamMap<NdArray> inputs = ParamMap.empty();
    for (Program.Input input : program.inputs()) {
      Shape shape = input.parameter().shape();
      double[] values = new double[Math.toIntExact(shape.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            shape.dtype().isFloat()
                ? random.nextInt(16, 128) / 64.0
                : random.nextInt(shape.dtype() == DType.BOOL ? 2 : 3);
      }
      inputs = inputs.plus(input.name(), new NdArray(shape, values));
    }
    return inputs;
  }

  private static String golden(String name) throws IOException {
    return Files.readString(
        Repository.root().resolve("hlo-builder/src/test/resources/golden/" + name + ".mlir"));
  }
}
