package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A differentiable function with a point at which its gradient is checked.
 *
 * @param name shown in reports
 * @param point what it is differentiated by, all floats, away from kinks and jumps
 * @param function floats from the parameters
 */
record GradientCase(
    String name, ParamMap<NdArray> point, Function<ParamMap<Tensor>, List<Tensor>> function) {

  /** A function of one tensor. */
  static GradientCase of(String name, NdArray x, Function<Tensor, Tensor> function) {
    return new GradientCase(
        name,
        ParamMap.<NdArray>empty().plus("x", x),
        inputs -> List.of(function.apply(inputs.get("x"))));
  }

  /** A function of two tensors. */
  static GradientCase of(
      String name, NdArray x, NdArray y, java.util.function.BinaryOperator<Tensor> function) {
    return new GradientCase(
        name,
        ParamMap.<NdArray>empty().plus("x", x).plus("y", y),
        inputs -> List.of(function.apply(inputs.get("x"), inputs.get("y"))));
  }

  ParamMap<Tensor> parameters() {
    return point.map((key, value) -> Tensors.parameter(key, value.shape()));
  }

  /** A weighted sum of all that the function gives, so that no element's gradient is lost. */
  Tensor loss(ParamMap<Tensor> parameters) {
    return weightedSum(function.apply(parameters));
  }

  static Tensor weightedSum(List<Tensor> outputs) {
    Random random = new Random(7);
    List<Tensor> sums = new ArrayList<>();
    for (Tensor output : outputs) {
      List<Double> weights = random.doubles(output.shape().elements(), 0.5, 1.5).boxed().toList();
      sums.add(output.times(Tensors.literal(output.shape(), weights)).total());
    }
    return sums.stream().reduce(Tensor::plus).orElseThrow();
  }
}
