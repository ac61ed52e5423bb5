package dev.hlotune.trainer.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.step.GradientProgram;
import dev.hlotune.trainer.step.LogitsProgram;
import dev.hlotune.trainer.step.RecordedInputs;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters of tiny models that PEFT made, see tools/fixtures/record_adapters.py. */
class PeftParityTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<String> names() {
    return Stream.of(
        "gpt2",
        "gpt2-rslora",
        "gpt2-dora",
        "gpt2-head",
        "llama",
        "llama-dora",
        "llama-saved",
        "qwen3",
        "gemma2",
        "phi3");
  }

  /** With more room than the rank takes in one of the two layouts. */
  static Stream<Arguments> layouts() {
    return names()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, Layering.UNROLL, 0), Arguments.of(name, Layering.SCAN, 3)));
  }

  private record Case(
      Path folder, RecordedModel base, AdaptedModel model, Map<String, float[]> values) {
    static Case open(String name, Layering layering, int room) throws IOException {
      Path folder = Fixtures.path("adapters/" + name);
      RecordedModel base =
          Fixtures.model(
              String.valueOf(Fixtures.json("adapters/" + name + "/case.json").get("base")));
      CausalModel model =
          Families.of(new ModelConfig(base.config()), new Layout(layering, Remat.NOTHING));
      try (AdapterDirectory files = AdapterDirectory.open(folder)) {
        AdaptedModel adapted = AdaptedModel.of(model, files.config(), files.config().rank() + room);
        return new Case(folder, base, adapted, files.values(adapted));
      }
    }

    ParamMap<Recorded> recorded() throws IOException {
      return new ParamMap<>(
          Fixtures.tensors("adapters/" + folder.getFileName() + "/recorded.safetensors"));
    }

    /** Every weight and the padded batch. */
    ParamMap<NdArray> inputs() {
      CausalModel whole = model.model();
      ParamMap<NdArray> all = RecordedInputs.of(model.model().base(), base.parameters());
      for (Map.Entry<String, float[]> entry : values.entrySet()) {
        Shape shape = whole.parameters().get(entry.getKey()).shape();
        all =
            all.plus(
                entry.getKey(),
                new NdArray(shape, RecordedInputs.doubles(entry.getValue()).toArray()));
      }
      return all.plus(LowRank.SCALE, NdArray.of(Shape.of(DType.F32), model.config().scale()))
          .plus(RecordedInputs.batch(base, RecordedInputs.PADDED));
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void logits(String name, Layering layering, int room) throws IOException {
    Case one = Case.open(name, layering, room);
    Tuning tuning = one.model().tuning(DType.F32);
    ParamMap<NdArray> inputs = one.inputs();
    NdArray logits =
        CompiledProgram.run(
                LogitsProgram.of(tuning, RecordedInputs.bucket(one.base(), RecordedInputs.PADDED)),
                inputs)
            .get("logits");
    double[] segments = inputs.get("segments").values();
    int words = one.model().model().vocabulary();
    double error =
        RelativeError.of(
            RecordedInputs.doubles(one.recorded().get("logits").floats()).toArray(),
            logits.values(),
            i -> segments[i / words] > 0);
    assertTrue(error <= TOLERANCE, "logits: relative error " + error);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void lossAndGradients(String name, Layering layering, int room) throws IOException {
    Case one = Case.open(name, layering, room);
    Tuning tuning = one.model().tuning(DType.F32);
    ParamMap<NdArray> got =
        CompiledProgram.run(
            GradientProgram.of(tuning, RecordedInputs.bucket(one.base(), RecordedInputs.PADDED)),
            one.inputs());
    ParamMap<Recorded> recorded = one.recorded();
    double weight = got.get("weight_sum").scalar();
    double loss = recorded.get("loss").floats()[0];
    assertEquals(loss, got.get("loss_sum").scalar() / weight, TOLERANCE * loss);
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (String trained : tuning.trained()) {
      double[] values = got.get(trained).values();
      float[] mean = new float[values.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) (values[i] / weight);
      }
      gradients.put(trained, mean);
    }
    Map<String, TensorEntry> own = AdapterDirectory.tensors(one.model(), gradients);
    long expected = recorded.names().stream().filter(key -> key.startsWith("gradient.")).count();
    assertEquals(expected, own.size());
    own.forEach((parameter, gradient) -> {
      String key = "gradient." + one.model().inFile(parameter);
      double[] reference = RecordedInputs.doubles(recorded.get(key).floats()).toArray();
      double error =
          RelativeError.of(
              reference, RecordedInputs.doubles(gradient.toFloats()).toArray(), _ -> true);
      assertTrue(error <= TOLERANCE, key + ": relative error " + error);
    });
  }

  /** A rank that a program has room for and a run does not use gets no gradient. */
  @ParameterizedTest
  @MethodSource("names")
  void roomStaysEmpty(String name) throws IOException {
    Case one = Case.open(name, Layering.UNROLL, 2);
    Tuning tuning = one.model().tuning(DType.F32);
    ParamMap<NdArray> got =
        CompiledProgram.run(
            GradientProgram.of(tuning, RecordedInputs.bucket(one.base(), RecordedInputs.PADDED)),
            one.inputs());
    int rank = one.model().config().rank();
    one.model().model().adapters().stream()
        .filter(entry -> entry.getValue().shape().has(LowRank.RANK))
        .forEach(entry -> {
          Shape shape = entry.getValue().shape();
          float[] all = new float[Math.toIntExact(shape.elements())];
          double[] values = got.get(entry.getKey()).values();
          for (int i = 0; i < all.length; i++) {
            all[i] = (float) values[i];
          }
          float[] used = Ranks.resized(all, shape, rank + 2, rank);
          assertArrayEquals(all, Ranks.resized(used, shape, rank, rank + 2), entry.getKey());
        });
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void whatIsReadIsWrittenAgain(String name, Layering layering, int room, @TempDir Path folder)
      throws IOException {
    Case one = Case.open(name, layering, room);
    AdapterDirectory.write(folder, one.model(), one.values());
    Map<String, Object> expected =
        new TreeMap<>(Fixtures.json("adapters/" + name + "/adapter_config.json"));
    Map<String, Object> written = JsonFile.read(folder.resolve("adapter_config.json"));
    expected.keySet().retainAll(written.keySet());
    expected.replaceAll(
        (_, value) -> value instanceof Number number ? number.doubleValue() : value);
    written.replaceAll((_, value) -> value instanceof Number number ? number.doubleValue() : value);
    assertEquals(expected, new TreeMap<>(written));
    try (SafetensorsFile own = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"));
        SafetensorsFile theirs =
            SafetensorsFile.open(one.folder().resolve("adapter_model.safetensors"))) {
      List<String> names = new ArrayList<>(theirs.tensors().keySet());
      names.removeIf(key -> key.endsWith("base_layer.weight"));
      assertEquals(
          names.stream().sorted().toList(), own.tensors().keySet().stream().sorted().toList());
      for (String key : names) {
        assertEquals(-1, theirs.tensor(key).data().mismatch(own.tensor(key).data()), key);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void saysHowMuchIsTrained(String name) throws IOException {
    Object line = Fixtures.json("adapters/" + name + "/case.json").get("trainable");
    assertEquals(line, Case.open(name, Layering.SCAN, 1).model().line());
  }

  @ParameterizedTest
  @MethodSource("names")
  void merges(String name) throws IOException {
    Case one = Case.open(name, Layering.UNROLL, 0);
    ParamMap<Recorded> recorded = one.recorded();
    try (AdapterDirectory files = AdapterDirectory.open(one.folder());
        SafetensorsFile base =
            SafetensorsFile.open(one.base().directory().resolve("model.safetensors"))) {
      Map<String, TensorEntry> adapter = files.match(one.model());
      Merging merging = new Merging(one.model(), adapter, false);
      Map<String, TensorEntry> merged = new TreeMap<>();
      for (WritableTensor weight :
          merging.whole(List.copyOf(base.tensors().values()), _ -> StorageType.F32)) {
        merged.put(weight.name(), TensorEntry.of(weight));
      }
      recorded
          .entries()
          .forEach((key, expected) -> {
            if (key.startsWith("merged.") && merged.containsKey(key.substring(7))) {
              float[] got = merged.get(key.substring(7)).toFloats();
              double error =
                  RelativeError.of(
                      RecordedInputs.doubles(expected.floats()).toArray(),
                      RecordedInputs.doubles(got).toArray(),
                      _ -> true);
              assertTrue(error <= 1e-6, key + ": relative error " + error);
            }
          });
      long changed = base.tensors().keySet().stream().filter(merging::changes).distinct().count();
      long expected = recorded.names().stream().filter(key -> key.startsWith("merged.")).count();
      assertEquals(expected, changed);
      assertEquals(
          name.equals("gpt2-head"), merged.containsKey("lm_head.weight") && merging.untiesHead());
      if (one.model().config().dora() || merging.untiesHead()) {
        return;
      }
      Merging unmerging = new Merging(one.model(), adapter, true);
      for (TensorEntry weight : merged.values()) {
        if (one.model().isAdapted(weight.name()) && weight.name().endsWith(".weight")) {
          float[] before = base.tensor(weight.name()).toFloats();
          double error =
              RelativeError.of(
                  RecordedInputs.doubles(before).toArray(),
                  RecordedInputs.doubles(unmerging.apply(weight).toFloats()).toArray(),
                  _ -> true);
          assertTrue(error <= 1e-6, weight.name() + ": relative error " + error);
        }
      }
    }
  }
}
