package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Two graphs of the same parameters that should compute the same, gradients included. */
final class Compared {
  /** Both are computed in doubles, so that only the order of sums differs. */
  private static final double TOLERANCE = 1e-10;

  private Compared() {}

  static NdArray random(long seed, Axis... axes) {
    Shape shape = Shape.of(DType.F32, axes);
    Random random = new Random(seed);
    return new NdArray(
        shape, random.doubles(shape.elements()).map(value -> 4 * value - 2).toArray());
  }

  static Tensor parameter(String name, Map<String, NdArray> inputs) {
    NdArray value = inputs.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no input " + name);
    }
    return Tensors.parameter(name, value.shape());
  }

  /** Σ weight·x with weights that differ, so that no element's gradient is lost. */
  static Tensor weightedTotal(Tensor x) {
    NdArray weights = random(99, x.shape().axes().toArray(Axis[]::new));
    List<Double> values = new ArrayList<>();
    for (double value : weights.values()) {
      values.add(value);
    }
    return x.times(Tensors.literal(x.shape(), values)).total();
  }

  /** Holds scalars and their gradients by the parameters {@code by} to be equal. */
  static void assertSameWithGradients(
      Tensor expected, Tensor got, List<Tensor> by, Map<String, NdArray> inputs) {
    assertSame(withGradients(expected, by), withGradients(got, by), inputs);
  }

  static List<Tensor> withGradients(Tensor scalar, List<Tensor> by) {
    Gradient.Result result = Gradient.of(scalar, List.of(), by);
    List<Tensor> all = new ArrayList<>(List.of(result.value()));
    all.addAll(result.gradients());
    return all;
  }

  static void assertSame(List<Tensor> expected, List<Tensor> got, Map<String, NdArray> inputs) {
    List<NdArray> left = Evaluator.evaluate(expected, inputs, Precision.EXACT);
    List<NdArray> right = Evaluator.evaluate(got, inputs, Precision.EXACT);
    for (int n = 0; n < left.size(); n++) {
      double[] wanted = left.get(n).values();
      double[] found = right.get(n).ordered(left.get(n).shape().axes()).values();
      assertEquals(wanted.length, found.length);
      for (int i = 0; i < wanted.length; i++) {
        assertEquals(
            wanted[i],
            found[i],
            TOLERANCE * Math.max(1, Math.abs(wanted[i])),
            "result " + n + ", element " + i);
      }
    }
  }
}
