package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of narrow numbers on the device: the gradients of biases and embeddings in bfloat16. */
class NarrowSumsTest {
  private static final Axis TERMS = new Axis("terms", 4096);
  private static final Axis WIDTH = new Axis("width", 2);

  /** Partial sums in bf16 would stop at 256, in f16 at 2048. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void aSumOfOnesIsTheirNumber(DType dtype) {
    Tensor terms = Tensors.parameter("terms", Shape.of(dtype, TERMS, WIDTH));
    Tensor table = Tensors.fill(Shape.of(dtype, new Axis("row", 3), WIDTH), 0);
    Tensor rows = Tensors.fill(Shape.of(DType.I32, TERMS), 1);
    Program program =
        new Program(
            "sums",
            List.of(Program.Input.kept(terms)),
            List.of(
                Program.Output.of("sum", terms.sum("terms")),
                Program.Output.of("scattered", table.scatterAdd("row", rows, terms))));
    double[] ones = new double[TERMS.size() * WIDTH.size()];
    Arrays.fill(ones, 1);
    ParamMap<NdArray> inputs =
        ParamMap.<NdArray>empty().plus("terms", new NdArray(terms.shape(), ones));
    ParamMap<NdArray> got = CompiledProgram.run(program, inputs);
    assertArrayEquals(new double[] {4096, 4096}, got.get("sum").values());
    assertArrayEquals(new double[] {0, 0, 4096, 4096, 0, 0}, got.get("scattered").values());
    assertEquals(dtype, program.outputs().getFirst().shape().dtype());
  }
}
