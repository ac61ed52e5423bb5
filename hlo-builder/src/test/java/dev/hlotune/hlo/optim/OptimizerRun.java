package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Repeats one graph of an optimizer's step in the evaluator, as a device would. */
final class OptimizerRun {
  private final Optimizer.Step step;
  private ParamMap<NdArray> weights;
  private ParamMap<NdArray> state;

  OptimizerRun(Optimizer optimizer, ParamMap<Shape> shapes, Random random) {
    ParamMap<Shape> stateShapes = optimizer.init(shapes);
    weights = shapes.map(shape -> new NdArray(shape, floats(random, 1, (int) shape.elements())));
    state = stateShapes.map(shape -> NdArray.filled(shape, 0));
    step =
        optimizer.step(
            parameters("g:", shapes),
            parameters("", stateShapes),
            parameters("w:", shapes),
            Tensors.parameter("rate", Shape.of(DType.F32)));
  }

  /** Copies of the weights. */
  ParamMap<double[]> weights() {
    return weights.map(array -> array.values().clone());
  }

  ParamMap<NdArray> state() {
    return state;
  }

  ParamMap<double[]> gradients(Random random, double scale) {
    return weights.map(array -> floats(random, scale, array.values().length));
  }

  /** Does a step and gives its metrics. */
  ParamMap<Double> step(ParamMap<double[]> gradients, double rate) {
    Map<String, NdArray> inputs = new LinkedHashMap<>(state.entries());
    weights.stream().forEach(entry -> inputs.put("w:" + entry.getKey(), entry.getValue()));
    gradients.stream()
        .forEach(entry ->
            inputs.put(
                "g:" + entry.getKey(),
                new NdArray(weights.get(entry.getKey()).shape(), entry.getValue())));
    inputs.put("rate", NdArray.of(Shape.of(DType.F32), rate));
    List<Tensor> outputs = new ArrayList<>(step.parameters().values());
    outputs.addAll(step.state().values());
    outputs.addAll(step.metrics().values());
    List<NdArray> values = Evaluator.evaluate(outputs, inputs);
    int first = step.parameters().size();
    int second = first + step.state().size();
    weights = ParamMap.zip(step.parameters().names(), values.subList(0, first));
    state = ParamMap.zip(step.state().names(), values.subList(first, second));
    return ParamMap.zip(step.metrics().names(), values.subList(second, values.size()))
        .map(NdArray::scalar);
  }

  private static ParamMap<Tensor> parameters(String prefix, ParamMap<Shape> shapes) {
    return shapes.map((name, shape) -> Tensors.parameter(prefix + name, shape));
  }

  private static double[] floats(Random random, double scale, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }
}
