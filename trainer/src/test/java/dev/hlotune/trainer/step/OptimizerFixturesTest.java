package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty steps of our optimizers beside those that torch recorded. */
class OptimizerFixturesTest {
  private static final double TOLERANCE = 1e-5;
  private static final ParamMap<Shape> WEIGHTS =
      ParamMap.zip(
          List.of("a", "b"),
          List.of(
              Shape.of(DType.F32, new Axis("i", 4), new Axis("o", 3)),
              Shape.of(DType.F32, new Axis("o", 3))));

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "adamw-variant", "sgd-momentum", "sgd-nesterov"})
  void equalsTorch(String name) throws Exception {
    Settings settings = Settings.of(Fixtures.json("optimizers/" + name + ".json"));
    Map<String, Recorded> recorded = Fixtures.tensors("optimizers/" + name + ".safetensors");
    Optimizer optimizer = optimizer(settings);
    int steps = settings.count("steps");
    ParamMap<Shape> stateShapes = optimizer.init(WEIGHTS);
    Optimizer.Step step =
        optimizer.step(
            parameters("gradient of ", WEIGHTS),
            parameters("", stateShapes),
            parameters("", WEIGHTS),
            Tensors.parameter("rate", Shape.of(DType.F32)));
    List<Tensor> outputs = new ArrayList<>(step.parameters().values());
    outputs.addAll(step.state().values());
    outputs.add(step.metrics().get("grad_norm"));

    ParamMap<NdArray> weights =
        WEIGHTS.map((key, shape) -> row(recorded, key + ".parameters", 0, shape));
    ParamMap<NdArray> state = stateShapes.map(shape -> NdArray.filled(shape, 0));
    for (int i = 0; i < steps; i++) {
      Map<String, NdArray> inputs = new LinkedHashMap<>(weights.plus(state).entries());
      for (String key : WEIGHTS.names()) {
        inputs.put("gradient of " + key, row(recorded, key + ".gradients", i, WEIGHTS.get(key)));
      }
      inputs.put("rate", row(recorded, "learning_rates", i, Shape.of(DType.F32)));
      List<NdArray> values = Evaluator.evaluate(outputs, inputs);
      weights = ParamMap.zip(WEIGHTS.names(), values.subList(0, WEIGHTS.size()));
      state = ParamMap.zip(stateShapes.names(), values.subList(WEIGHTS.size(), values.size() - 1));
      double norm = row(recorded, "gradient_norms", i, Shape.of(DType.F32)).scalar();
      assertEquals(norm, values.getLast().scalar(), TOLERANCE * norm);
      for (String key : WEIGHTS.names()) {
        NdArray expected = row(recorded, key + ".parameters", i + 1, WEIGHTS.get(key));
        double error = relativeError(expected.values(), weights.get(key).values());
        assertTrue(error <= TOLERANCE, key + " after step " + (i + 1) + ": off by " + error);
      }
    }
  }

  private static Optimizer optimizer(Settings settings) {
    double maxGradNorm = settings.has("max_grad_norm") ? settings.number("max_grad_norm") : 0;
    if (settings.get("optimizer").equals("SGD")) {
      boolean nesterov = settings.has("nesterov") && settings.get("nesterov").equals(true);
      return Optimizer.sgd(settings.number("momentum"), nesterov, maxGradNorm);
    }
    List<Double> betas = settings.numbers("betas");
    Settings decays = settings.object("weight_decay");
    return Optimizer.adamw(
        new Optimizer.AdamW(
            betas.get(0), betas.get(1), settings.number("eps"), decays.number("a"), maxGradNorm),
        key -> decays.number(key) != 0);
  }

  private static ParamMap<Tensor> parameters(String prefix, ParamMap<Shape> shapes) {
    return shapes.map((name, shape) -> Tensors.parameter(prefix + name, shape));
  }

  /** One row of a recorded tensor, whose first axis counts the steps. */
  private static NdArray row(Map<String, Recorded> recorded, String name, int row, Shape shape) {
    float[] all = new ParamMap<>(recorded).get(name).floats();
    double[] values = new double[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all[row * values.length + i];
    }
    return new NdArray(shape, values);
  }

  private static double relativeError(double[] expected, double[] got) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(expected[i] - got[i]));
      size = Math.max(size, Math.abs(expected[i]));
    }
    return difference / size;
  }
}
