package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.Linear;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights in few bits, see tools/fixtures/record_quantization.py. */
class QuantizerTest {
  private static final int OUT = 6;
  private static final int IN = 192;

  private static ParamMap<Recorded> recorded() throws IOException {
    return new ParamMap<>(Fixtures.tensors("quantization.safetensors"));
  }

  private static float[] transposed(float[] weight) {
    float[] result = new float[weight.length];
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        result[i * OUT + o] = weight[o * IN + i];
      }
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({"NF4,false", "NF4,true", "INT8,false", "INT8,true"})
  void codesAreThoseOfBitsandbytes(Quantization kind, boolean inputsFirst) throws IOException {
    ParamMap<Recorded> recorded = recorded();
    String name = kind.name().toLowerCase(Locale.ROOT);
    float[] weight = recorded.get("weight").floats();
    Quantizer quantizer = new Quantizer(kind, OUT, IN);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment codes = arena.allocate(quantizer.codeBytes());
      MemorySegment scales = arena.allocate(quantizer.scaleBytes(), 4);
      quantizer.quantize(inputsFirst ? transposed(weight) : weight, inputsFirst, codes, scales);
      long[] expected = recorded.get(name + ".codes").longs();
      for (int i = 0; i < expected.length; i++) {
        byte code = codes.get(ValueLayout.JAVA_BYTE, i);
        assertEquals(expected[i], kind == Quantization.NF4 ? code & 0xFF : code, "code " + i);
      }
      assertArrayEquals(
          recorded.get(name + ".scales").floats(), scales.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  /** The product of a layer, and its gradient by what it is applied to. */
  @ParameterizedTest
  @EnumSource(Quantization.class)
  void layersMultiplyWhatTheCodesStandFor(Quantization kind) throws IOException {
    ParamMap<Recorded> recorded = recorded();
    Axis in = new Axis("in", IN);
    Axis out = new Axis("out", OUT);
    Linear layer = Linear.of("layer", out, in, false, 0.1);
    ParameterSpec weight = layer.parameters().get("layer.weight");
    ParamMap<Tensor> weights =
        kind.parameters("layer", weight).map((name, spec) -> Tensors.parameter(name, spec.shape()));
    Tensor x = Tensors.parameter("x", Shape.of(DType.F32, new Axis("batch", 1), in));
    Tensor y = layer.apply(weights, x);
    Gradient.Result result = Gradient.of(y.square().total(), List.of(y), List.of(x));
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(tensor -> inputs.add(Program.Input.kept(tensor)));
    inputs.add(Program.Input.kept(x));
    Program program =
        new Program(
            "product",
            inputs,
            List.of(
                Program.Output.of("y", result.auxiliary().getFirst()),
                Program.Output.of("dx", result.gradients().getFirst())));
    float[] values = new float[IN];
    for (int i = 0; i < IN; i++) {
      values[i] = (float) Math.sin(i);
    }
    float[] reference = recorded.get(kind.name().toLowerCase(Locale.ROOT) + ".weight").floats();
    Map<String, ShardedBuffer> held =
        QuantizedWeights.load(
            TestClient.storage(),
            kind,
            "layer",
            weight,
            name ->
                TensorEntry.ofFloats(
                    name, List.of((long) OUT, (long) IN), recorded.get("weight").floats()));
    List<ShardedBuffer> buffers = new ArrayList<>(held.values());
    buffers.add(TestClient.devices().whole(values, 1, IN));
    try (CompiledProgram compiled = CompiledProgram.quick(program)) {
      List<ShardedBuffer> outputs = compiled.device().run(buffers);
      buffers.addAll(outputs);
      float[] product = outputs.get(0).readFloats();
      float[] gradient = outputs.get(1).readFloats();
      double[] expected = new double[IN];
      for (int o = 0; o < OUT; o++) {
        double sum = 0;
        for (int i = 0; i < IN; i++) {
          sum += values[i] * (double) reference[o * IN + i];
        }
        assertEquals(sum, product[o], 1e-5 * Math.max(1, Math.abs(sum)));
        for (int i = 0; i < IN; i++) {
          expected[i] += 2 * sum * reference[o * IN + i];
        }
      }
      for (int i = 0; i < IN; i++) {
        assertEquals(expected[i], gradient[i], 1e-3 * Math.max(1, Math.abs(expected[i])));
      }
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }

  @Test
  void whatBlocksDoNotDivideIsRefused() {
    ParameterSpec weight =
        new ParameterSpec(
            Shape.of(DType.F32, new Axis("out", 3), new Axis("in", 96)),
            new Initializer.Constant(0),
            Optional.of("in"));
    ShapeException e =
        assertThrows(ShapeException.class, () -> Quantization.NF4.parameters("mlp.c_fc", weight));
    assertTrue(String.valueOf(e.getMessage()).contains("multiple of 64 inputs"), e.getMessage());
  }
}
