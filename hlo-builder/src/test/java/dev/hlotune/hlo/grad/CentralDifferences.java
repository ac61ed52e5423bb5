package dev.hlotune.hlo.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares gradients with central differences of fourth order in double precision: (8 f(x + h) - 8
 * f(x - h) - f(x + 2h) + f(x - 2h)) / 12h (Abramowitz and Stegun 25.3.6).
 */
final class CentralDifferences {
  private static final double STEP = 2e-4;

  /** Truncation is near STEP^4 and rounding near 1e-16 / STEP, times the function's size. */
  private static final double TOLERANCE = 1e-7;

  private CentralDifferences() {}

  /**
   * Checks every element of every gradient.
   *
   * @param function a scalar
   * @param gradients of {@code function}, one per tensor of {@code point}, by the same name
   */
  static void check(Tensor function, ParamMap<Tensor> gradients, ParamMap<NdArray> point) {
    List<NdArray> computed =
        Evaluator.evaluate(gradients.values(), point.entries(), Precision.EXACT);
    for (int n = 0; n < gradients.size(); n++) {
      String name = gradients.names().get(n);
      NdArray gradient = computed.get(n).ordered(point.get(name).shape().axes());
      for (int i = 0; i < gradient.values().length; i++) {
        double near =
            moved(function, point, name, i, STEP) - moved(function, point, name, i, -STEP);
        double far =
            moved(function, point, name, i, 2 * STEP) - moved(function, point, name, i, -2 * STEP);
        double difference = (8 * near - far) / (12 * STEP);
        assertEquals(
            difference,
            gradient.values()[i],
            TOLERANCE * Math.max(1, Math.abs(difference)),
            "d/d " + name + "[" + i + "]");
      }
    }
  }

  private static double moved(
      Tensor function, ParamMap<NdArray> point, String name, int element, double step) {
    NdArray array = point.get(name);
    double[] values = array.values().clone();
    values[element] += step;
    Map<String, NdArray> inputs = new LinkedHashMap<>(point.entries());
    inputs.put(name, new NdArray(array.shape(), values));
    return Evaluator.evaluate(List.of(function), inputs, Precision.EXACT).getFirst().scalar();
  }
}
