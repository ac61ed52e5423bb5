package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits, losses and gradients of tiny Hugging Face models, as transformers computes them. */
class ModelParityTest {
  private static final double TOLERANCE = 1e-4;
  private static final ParityReport REPORT = new ParityReport();

  static Stream<Arguments> layerings() {
    return Fixtures.modelNames().stream()
        .flatMap(name -> Arrays.stream(Layering.values()).map(l -> Arguments.of(name, l)));
  }

  /**
   * Whether anything is computed again does not depend on the family, but on whether layers are
   * alike.
   */
  private static final Set<String> REMATERIALIZED =
      Set.of(
          "gpt2", "gpt2-variant", "llama", "llama-variant", "qwen2-windows", "smollm3", "gemma3");

  static Stream<Arguments> layouts() {
    return layerings()
        .flatMap(pair ->
            Arrays.stream(Remat.values())
                .filter(remat ->
                    remat == Remat.NOTHING || REMATERIALIZED.contains((String) pair.get()[0]))
                .map(remat -> Arguments.of(pair.get()[0], pair.get()[1], remat)));
  }

  @AfterAll
  static void writeReport() throws IOException {
    REPORT.write();
  }

  /** The padded rows and the packed one, which are of one length, as one batch. */
  @ParameterizedTest
  @MethodSource("layerings")
  void logits(String name, Layering layering) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model = model(recorded, layering, Remat.NOTHING);
    ParamMap<NdArray> batch = RecordedInputs.allRows(recorded);
    double[] segments = batch.get("segments").values();
    Axis rows = batch.get("segments").shape().axis("batch");
    Bucket bucket = new Bucket(rows.size(), segments.length / rows.size());
    double[] got =
        CompiledProgram.run(
                LogitsProgram.of(Tuning.full(model, DType.F32), bucket),
                RecordedInputs.of(model, recorded.parameters()).plus(batch))
            .get("logits")
            .values();
    int words = model.vocabulary();
    int from = 0;
    for (String prefix : List.of(RecordedInputs.PADDED, RecordedInputs.PACKED)) {
      double[] expected =
          RecordedInputs.doubles(recorded.result(prefix + "logits").floats()).toArray();
      int start = from;
      double error =
          RelativeError.of(
              expected,
              Arrays.copyOfRange(got, start, start + expected.length),
              i -> segments[(start + i) / words] > 0);
      from += expected.length;
      REPORT.add(name, ParityReport.layout(layering, Remat.NOTHING), prefix + "logits", error);
      assertTrue(error <= TOLERANCE, prefix + "logits: relative error " + error);
    }
    assertEquals(got.length, from);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void lossAndGradients(String name, Layering layering, Remat remat) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model = model(recorded, layering, remat);
    // As a run compiles it; variants of a family ("llama-variant") have no other operations.
    boolean plain = layering == Layering.UNROLL && remat == Remat.NOTHING && name.indexOf('-') < 0;
    Program program = program(recorded, model);
    try (CompiledProgram compiled =
        plain ? CompiledProgram.of(program) : CompiledProgram.quick(program)) {
      ParamMap<NdArray> got = compiled.run(inputs(recorded, model));
      check(recorded, model, got, ParityReport.layout(layering, remat));
    }
  }

  /** The same graph in plain Java, without a device. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "gemma2"})
  void inTheEvaluator(String name) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model = model(recorded, Layering.UNROLL, Remat.NOTHING);
    Program program = program(recorded, model);
    ParamMap<NdArray> inputs = inputs(recorded, model);
    ParamMap<NdArray> got =
        Evaluator.evaluate(
            program, program.inputs().stream().map(input -> inputs.get(input.name())).toList());
    check(recorded, model, got, "reference evaluator");
  }

  private static void check(
      RecordedModel recorded, CausalModel model, ParamMap<NdArray> got, String how) {
    String name = recorded.directory().getFileName().toString();
    double weight = got.get("weight_sum").scalar();
    assertEquals(recorded.result("weight_sum").floats()[0], weight, 0);
    double loss = recorded.result("loss").floats()[0];
    double lossError = Math.abs(got.get("loss_sum").scalar() / weight - loss) / loss;
    REPORT.add(name, how, "loss", lossError);
    assertTrue(lossError <= TOLERANCE, "loss: relative error " + lossError);
    double worst = -1;
    String where = "";
    ParamMap<NdArray> expected = RecordedInputs.of(model, recorded.gradients());
    for (String parameter : expected.names()) {
      double[] gradient =
          Arrays.stream(got.get(parameter).values()).map(value -> value / weight).toArray();
      double error = RelativeError.of(expected.get(parameter).values(), gradient, _ -> true);
      assertTrue(error <= TOLERANCE, parameter + ": relative error " + error);
      if (error > worst) {
        worst = error;
        where = parameter;
      }
    }
    REPORT.add(name, how, "gradients", worst);
    REPORT.worst(name, how, where);
  }

  private static Program program(RecordedModel recorded, CausalModel model) {
    return GradientProgram.of(
        Tuning.full(model, DType.F32), RecordedInputs.bucket(recorded, RecordedInputs.PADDED));
  }

  private static ParamMap<NdArray> inputs(RecordedModel recorded, CausalModel model) {
    return RecordedInputs.of(model, recorded.parameters())
        .plus(RecordedInputs.batch(recorded, RecordedInputs.PADDED));
  }

  private static CausalModel model(RecordedModel recorded, Layering layering, Remat remat) {
    return Families.of(new ModelConfig(recorded.config()), new Layout(layering, remat));
  }
}
