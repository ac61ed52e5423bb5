package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.DecodeContext;
import dev.hlotune.hlo.nn.KeyValues;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.PrefillContext;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.step.RecordedInputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logits by way of a cache, against those that were recorded of whole rows; in plain Java, for
 * every family and layout.
 */
class CacheParityTest {
  private static final double TOLERANCE = 1e-4;

  /** Of the 17 recorded tokens, 13 in the prompt; the windows are shorter than that. */
  private static final int PROMPT = 13;

  private static final int LENGTH = 17;

  /** Places before the first token: padding, as where a longer prompt is in the batch. */
  private static final int BEFORE = 2;

  static Stream<Arguments> layerings() {
    return Fixtures.modelNames().stream()
        .flatMap(name -> Arrays.stream(Layering.values()).map(l -> Arguments.of(name, l)));
  }

  @ParameterizedTest
  @MethodSource("layerings")
  void logits(String name, Layering layering) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model =
        Families.of(new ModelConfig(recorded.config()), new Layout(layering, Remat.NOTHING));
    ParamMap<NdArray> weights = RecordedInputs.of(model, recorded.parameters());
    ParamMap<Tensor> parameters =
        model.parameters().map((key, spec) -> Tensors.parameter(key, spec.shape()));
    List<Program.Output> outputs = logits(model, parameters, ids(recorded));
    Program program =
        new Program(
            "cached", parameters.values().stream().map(Program.Input::kept).toList(), outputs);
    ParamMap<NdArray> got = Evaluator.evaluate(program, weights.values());
    float[] expected = recorded.result("logits").floats();
    int words = model.vocabulary();
    for (Program.Output output : outputs) {
      int position = Integer.parseInt(output.name());
      double[] wanted = new double[words];
      for (int i = 0; i < words; i++) {
        wanted[i] = expected[position * words + i];
      }
      double error = RelativeError.of(wanted, got.get(output.name()).values(), _ -> true);
      assertTrue(error <= TOLERANCE, "position " + position + ": relative error " + error);
    }
  }

  private static int[] ids(RecordedModel recorded) {
    return Arrays.copyOf(recorded.result("input_ids").ints(), LENGTH);
  }

  /** The logits of the prompt's last token and of each after it, under the token's position. */
  private static List<Program.Output> logits(
      CausalModel model, ParamMap<Tensor> weights, int[] ids) {
    PrefillContext prefill = new PrefillContext(row(places(i -> i < BEFORE ? 0 : 1)));
    Tensor tokens = row(places(i -> i < BEFORE ? 0 : ids[i - BEFORE]));
    Tensor positions = row(places(i -> Math.max(0, i - BEFORE)));
    Tensor hidden = model.hidden(weights, new CausalModel.Inputs(tokens, positions, prefill));
    List<Program.Output> outputs = new ArrayList<>();
    // Recorded are rows whose angles are those of all 17 tokens: so are these, longer than the
    // turn.
    assertTrue(prefill.turn().orElse(0) < PROMPT);
    outputs.add(output(model, weights, hidden.at("seq", BEFORE + PROMPT - 1), PROMPT - 1));
    List<KeyValues> cache =
        prefill.layers().stream().map(layer -> layer.padded(BEFORE + LENGTH)).toList();
    Axis batch = new Axis("batch", 1);
    for (int i = PROMPT; i < LENGTH; i++) {
      DecodeContext context =
          new DecodeContext(
              cache,
              Tensors.scalar(DType.I32, BEFORE + i),
              Tensors.fill(Shape.of(DType.I32, batch), BEFORE));
      Tensor next =
          model.hidden(
              weights,
              new CausalModel.Inputs(
                  row(List.of((double) ids[i])), row(List.of((double) i)), context));
      cache = context.layers();
      outputs.add(output(model, weights, next.at("seq", 0), i));
    }
    return outputs;
  }

  private static Program.Output output(
      CausalModel model, ParamMap<Tensor> weights, Tensor hidden, int position) {
    return Program.Output.of(
        Integer.toString(position), model.head(weights).logits(hidden).at("batch", 0));
  }

  private static List<Double> places(IntUnaryOperator value) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < BEFORE + PROMPT; i++) {
      values.add((double) value.applyAsInt(i));
    }
    return values;
  }

  private static Tensor row(List<Double> values) {
    return Tensors.literal(
        Shape.of(DType.I32, new Axis("batch", 1), new Axis("seq", values.size())), values);
  }
}
