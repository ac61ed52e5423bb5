package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.PerWeight;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Twenty steps of every optimizer, by the keys of a recipe, beside those that torch, transformers,
 * optax and bitsandbytes recorded: with every layer's weights on their own in the evaluator, and
 * stacked on the device.
 */
class OptimizerRecipeTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "adamw, 1e-5",
    "adamw-groups, 1e-5",
    "adamw-bf16, 1e-5",
    "sgd, 1e-5",
    "sgd-nesterov, 1e-5",
    "sgd-bf16, 1e-5",
    "lion, 1e-5",
    "lion-bf16, 1e-5",
    "lion-clipped, 1e-5",
    "adafactor, 1e-5",
    "adafactor-scaled, 1e-5",
    "adafactor-relative, 1e-5",
    "adafactor-relative-warmup, 1e-5",
    "muon, 1e-5",
    "muon-warmup, 1e-5",
    // Newton and Schulz in bf16 round each product to 8 bits; what is the same is their size.
    "muon-bf16, 1e-3",
    "muon-torch-bf16, 2e-2",
    "muon-torch, 1e-5",
    "muon-torch-match, 1e-5",
    "muon-torch-spectral, 1e-5",
    "adamw-8bit, 1e-5",
  })
  void equalsTheReference(String name, double tolerance) throws Exception {
    Recording recording = Recording.read(folder, name);
    double alone = recording.largestError(recording.weights(false), OptimizerRecipeTest::evaluated);
    double stacked = recording.largestError(recording.weights(true), OptimizerRecipeTest::onDevice);
    assertTrue(alone <= tolerance, "layer by layer: off by " + alone);
    assertTrue(stacked <= tolerance, "stacked: off by " + stacked);
  }

  /** Runs one step: outputs by name, of inputs by name. */
  private interface Step extends Function<ParamMap<NdArray>, ParamMap<NdArray>>, AutoCloseable {
    @Override
    void close();
  }

  private static Step evaluated(Program program) {
    List<Tensor> outputs = program.outputs().stream().map(Program.Output::tensor).toList();
    List<String> names = program.outputs().stream().map(Program.Output::name).toList();
    return new Step() {
      @Override
      public ParamMap<NdArray> apply(ParamMap<NdArray> inputs) {
        return ParamMap.zip(names, Evaluator.evaluate(outputs, inputs.entries()));
      }

      @Override
      public void close() {}
    };
  }

  /** One executable does all steps. */
  private static Step onDevice(Program program) {
    CompiledProgram compiled = CompiledProgram.quick(program);
    return new Step() {
      @Override
      public ParamMap<NdArray> apply(ParamMap<NdArray> inputs) {
        return compiled.run(inputs);
      }

      @Override
      public void close() {
        compiled.close();
      }
    };
  }

  /**
   * A recorded run.
   *
   * @param inputs weights at the start and gradients of every step
   * @param results weights after some steps
   */
  private record Recording(
      SftConfig config,
      List<Double> shares,
      List<Integer> steps,
      ParamMap<Recorded> inputs,
      ParamMap<Recorded> results) {

    static Recording read(Path folder, String name) throws Exception {
      Map<String, Object> json = Fixtures.json("optimizers/recipes/" + name + ".json");
      return new Recording(
          RecordedRecipe.config(folder, json),
          RecordedRecipe.numbers(json, "shares").stream().map(Number::doubleValue).toList(),
          RecordedRecipe.numbers(json, "steps").stream().map(Number::intValue).toList(),
          new ParamMap<>(Fixtures.tensors("optimizers/" + json.get("inputs") + ".safetensors")),
          new ParamMap<>(Fixtures.tensors("optimizers/recipes/" + name + ".safetensors")));
    }

    /** The weights by name, as a model has them. */
    ParamMap<Shape> weights(boolean stacked) {
      ParamMap<Shape> weights = ParamMap.empty();
      for (String key : inputs.names()) {
        if (key.endsWith(".start")) {
          String name = key.substring(0, key.length() - ".start".length());
          Shape shape = shape(name, inputs.get(key).shape());
          if (!stacked || !name.startsWith("layers.")) {
            weights = weights.plus(name, shape);
          } else if (name.startsWith("layers.0.")) {
            weights =
                weights.plus(
                    name.replace(".0.", "." + LayerStack.STACKED + "."),
                    shape.prepend(new Axis(LayerStack.AXIS, 2)));
          }
        }
      }
      return weights;
    }

    private static Shape shape(String name, List<Long> sizes) {
      List<String> axes =
          name.contains("norm")
              ? List.of("embed")
              : name.contains("up_proj")
                  ? List.of("mlp", "embed")
                  : name.contains("down_proj")
                      ? List.of("embed", "mlp")
                      : List.of("vocab", "embed");
      List<Axis> all = new ArrayList<>();
      for (int i = 0; i < axes.size(); i++) {
        all.add(new Axis(axes.get(i), Math.toIntExact(sizes.get(i))));
      }
      return new Shape(DType.F32, all);
    }

    double largestError(ParamMap<Shape> weights, Function<Program, Step> runner) {
      int width = weights.get("lm_head.weight").axis("embed").size();
      Optimizer optimizer = OptimizerRecipe.of(config, weights, width, _ -> false).optimizer();
      ParamMap<Shape> state = optimizer.init(weights);
      double worst = 0;
      try (Step step = runner.apply(program(optimizer, weights, state))) {
        ParamMap<NdArray> now =
            weights
                .map((name, shape) -> rows(inputs, name, shape, ".start", 0))
                .plus(state.map(shape -> NdArray.filled(shape, 0)));
        for (int i = 0; i < shares.size(); i++) {
          int row = i;
          double rate = config.schedule().highestRate() * shares.get(i);
          ParamMap<NdArray> given =
              now.plus(
                      weights
                          .map((name, shape) -> rows(inputs, name, shape, ".gradients", row))
                          .prefixed("gradient of "))
                  .plus("rate", NdArray.of(Shape.of(DType.F32), (float) rate));
          ParamMap<NdArray> after = step.apply(given);
          assertEquals(
              now.map(array -> array.shape().axes().size()),
              after.subset(now.names()).map(array -> array.shape().axes().size()));
          double norm = inputs.get("gradient_norms").floats()[i];
          worst = Math.max(worst, Math.abs(after.get("norm").scalar() - norm) / norm);
          now = after.subset(now.names());
          if (steps.contains(i + 1)) {
            int at = steps.indexOf(i + 1);
            for (String name : weights.names()) {
              NdArray expected = rows(results, name, weights.get(name), ".parameters", at);
              worst = Math.max(worst, error(expected.values(), now.get(name).values()));
            }
          }
        }
      }
      return worst;
    }

    private static Program program(
        Optimizer optimizer, ParamMap<Shape> weights, ParamMap<Shape> state) {
      ParamMap<Tensor> before = weights.plus(state).map(Tensors::parameter);
      ParamMap<Tensor> gradients =
          weights.map((name, shape) -> Tensors.parameter("gradient of " + name, shape));
      Tensor rate = Tensors.parameter("rate", Shape.of(DType.F32));
      Optimizer.Step step =
          optimizer.step(
              gradients, before.subset(state.names()), before.subset(weights.names()), rate);
      List<Program.Input> inputs = new ArrayList<>();
      List<Program.Output> outputs = new ArrayList<>();
      before.stream()
          .forEach(entry -> {
            Tensor after = step.parameters().plus(step.state()).get(entry.getKey());
            inputs.add(new Program.Input(entry.getValue(), outputs.size()));
            outputs.add(new Program.Output(entry.getKey(), after, entry.getValue().shape()));
          });
      gradients.values().forEach(gradient -> inputs.add(Program.Input.kept(gradient)));
      inputs.add(Program.Input.kept(rate));
      outputs.add(Program.Output.of("norm", step.metrics().get("grad_norm")));
      return new Program("step", inputs, outputs);
    }

    /** One row of the recorded tensors of a weight, whose first axis counts the steps. */
    private static NdArray rows(
        ParamMap<Recorded> recorded, String name, Shape shape, String kind, int row) {
      List<String> names = PerWeight.names(name, shape);
      double[] values = new double[Math.toIntExact(shape.elements())];
      int each = values.length / names.size();
      for (int layer = 0; layer < names.size(); layer++) {
        float[] all = recorded.get(names.get(layer) + kind).floats();
        for (int i = 0; i < each; i++) {
          values[layer * each + i] = all[row * each + i];
        }
      }
      return new NdArray(shape, values);
    }

    private static double error(double[] expected, double[] got) {
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        difference = Math.max(difference, Math.abs(expected[i] - got[i]));
      }
      return difference / Arrays.stream(expected).map(Math::abs).max().orElse(1);
    }
  }
}
