package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a layout must not change, and what the iteration is for. */
class ScaleByMuonTest {
  private static final Axis OUT = new Axis("out", 6);
  private static final Axis IN = new Axis("in", 4);

  private static ScaleByMuon muon(Predicate<String> inputsFirst) {
    return new ScaleByMuon(
        new ScaleByMuon.Momentum(0.95, 0.85, 3, true),
        5,
        DType.F32,
        ScaleByMuon.Adjustment.ORIGINAL,
        inputsFirst,
        DType.F32);
  }

  /** GPT-2 stores a linear layer the other way round; its step must be the same. */
  @Test
  void aTransposedLayerTakesTheSameStep() {
    Optimizer optimizer =
        new Optimizer(Chain.of(muon(name -> name.equals("stored")), new ScaleByLearningRate()));
    ParamMap<Shape> shapes =
        ParamMap.zip(
            List.of("plain", "stored"),
            List.of(Shape.of(DType.F32, OUT, IN), Shape.of(DType.F32, IN, OUT)));
    OptimizerRun run = new OptimizerRun(optimizer, shapes, new Random(3));
    double[] plain = run.weights().get("plain");
    double[] stored = run.weights().get("stored");
    Random random = new Random(4);
    for (int step = 0; step < 5; step++) {
      double[] gradient = run.gradients(random, 1).get("plain");
      run.step(ParamMap.zip(shapes.names(), List.of(gradient, transposed(gradient, 6, 4))), 0.1);
    }
    double[] moved = difference(run.weights().get("plain"), plain);
    double[] storedMoved = difference(run.weights().get("stored"), stored);
    assertTrue(moved[0] != 0);
    assertArrayEquals(moved, transposed(storedMoved, 4, 6), 1e-6);
  }

  private static double[] transposed(double[] values, int rows, int columns) {
    double[] result = new double[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = values[i * columns + j];
      }
    }
    return result;
  }

  private static double[] difference(double[] after, double[] before) {
    double[] result = new double[after.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = after[i] - before[i];
    }
    return result;
  }

  /** A matrix with singular values 3, 1 and 0.3 keeps its directions and loses their sizes. */
  @Test
  void bringsSingularValuesNearOne() {
    Axis row = new Axis("row", 3);
    Axis column = new Axis("column", 3);
    double c = Math.cos(0.7);
    double s = Math.sin(0.7);
    double[] matrix = {3 * c, -s, 0, 3 * s, c, 0, 0, 0, 0.3};
    Tensor input = Tensors.parameter("x", Shape.of(DType.F32, row, column));
    double[] got =
        Evaluator.evaluate(
                List.of(new NewtonSchulz(5, DType.F32).apply(input, "row", "column")),
                Map.of("x", new NdArray(input.shape(), matrix)))
            .getFirst()
            .ordered(List.of(row, column))
            .values();
    double first = got[0] * c + got[3] * s;
    double second = -got[1] * s + got[4] * c;
    for (double value : new double[] {first, second, got[8]}) {
      assertTrue(value > 0.65 && value < 1.25, "singular value " + value);
    }
    assertEquals(0, got[1] * c + got[4] * s, 1e-5, "off the diagonal");
    assertEquals(0, got[2], 1e-6);
    assertEquals(0, got[7], 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "ORIGINAL, 8, 2, 2", "ORIGINAL, 2, 8, 1",
    "MATCH_RMS_ADAMW, 2, 25, 1", "MATCH_RMS_ADAMW, 25, 2, 1",
    "SPECTRAL_UNCLAMPED, 8, 2, 2", "SPECTRAL_UNCLAMPED, 2, 8, 0.5",
  })
  void shapesMakeTheFactor(
      ScaleByMuon.Adjustment adjustment, int outputs, int inputs, double factor) {
    assertEquals(factor, adjustment.factor(outputs, inputs), 1e-15);
  }

  @Test
  void refusesWhatIsNoMatrix() {
    Optimizer optimizer = new Optimizer(muon(_ -> false));
    ParamMap<Shape> shapes = ParamMap.zip(List.of("b"), List.of(Shape.of(DType.F32, OUT)));
    ShapeException thrown =
        assertThrows(
            ShapeException.class, () -> new OptimizerRun(optimizer, shapes, new Random(1)));
    assertEquals("muon, \"b\": expected a matrix, got f32[out=6]", thrown.getMessage());
    assertThrows(ShapeException.class, () -> new ScaleByMuon.Momentum(1, 0.9, 0, true));
  }
}
