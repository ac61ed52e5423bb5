package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Axis;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.export.ExportManifest;
import dev.hlotune.trainer.export.ExportedProgram;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.SftRun;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {
  @TempDir Path folder;

  private final Captured captured = Captured.plain();

  private int run(String... arguments) {
    return Main.run(captured.console(), arguments);
  }

  private String lastLine() {
    return captured.err().lines().reduce("", (_, line) -> line);
  }

  /** The shapes are those of the data, and the text is the one that a run compiles. */
  @Test
  void aRecipeBringsItsShapes() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    List<String> arguments = new ArrayList<>(List.of("export"));
    arguments.addAll(tiny.options("test_size", "8", "max_new_tokens", "3"));
    Path output = folder.resolve("export");
    arguments.addAll(List.of("--output", output.toString(), "--no-weights"));
    assertEquals(0, run(arguments.toArray(String[]::new)), captured::err);
    ExportManifest manifest = ExportManifest.read(output);
    assertEquals(
        List.of("train_step_4x16", "eval_step_4x16", "prefill_4x16", "decode_4x19"),
        manifest.programs().stream().map(ExportedProgram::name).toList());
    assertEquals(List.of(), manifest.weights());
    assertEquals("none", manifest.model().get("weights"));
    assertTrue(captured.out().contains("train_step_4x16 "), captured::out);

    TestClient.get();
    List<String> training = tiny.options("test_size", "8", "eval_strategy", "no", "max_steps", "2");
    SftRun.run(SftRecipe.read(training).config(), RunObserver.NONE, new AtomicBoolean());
    JsonNode run = new JsonMapper().readTree(Files.readString(tiny.path("out/run.json")));
    assertEquals(
        run.path("hashes").path("stablehlo/4x16").textValue(),
        manifest.programs().getFirst().sha256());
  }

  @Test
  void oneProgramIsForManyShapes() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String model = tiny.model("llama", TinyRun.LLAMA).resolve("config.json").toString();
    Path output = folder.resolve("export");
    assertEquals(
        0,
        run(
            "export",
            model,
            "--output",
            output.toString(),
            "--buckets",
            "1x4,8x32,4x16",
            "--symbolic",
            "--max_new_tokens",
            "8",
            "--no-weights"),
        captured::err);
    JsonNode programs =
        new JsonMapper()
            .readTree(Files.readString(output.resolve("manifest.json")))
            .path("programs");
    JsonNode prefill = programs.path(1);
    assertEquals("prefill.mlir", prefill.path("file").textValue());
    assertEquals(
        "[{\"name\":\"batch\",\"min\":1,\"max\":8},{\"name\":\"seq\",\"min\":4,\"max\":32}]",
        prefill.path("symbols").toString());
    assertEquals("{\"rows\":\"batch\",\"length\":\"seq\"}", prefill.path("bucket").toString());
    String text = Files.readString(output.resolve("prefill.mlir"));
    assertTrue(text.contains("stablehlo.get_dimension_size"), text);
  }

  /** A stage that trains other weights is another program. */
  @Test
  void everyStageHasItsStep() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String model = tiny.model("llama", TinyRun.LLAMA).resolve("config.json").toString();
    Path output = folder.resolve("export");
    assertEquals(
        0,
        run(
            "export",
            "--model_name_or_path",
            model,
            "--frozen_parameters",
            "embed_tokens",
            "--unfreeze_steps",
            "2=embed_tokens",
            "--max_steps",
            "4",
            "--buckets",
            "1x8",
            "--programs",
            "train_step",
            "--no-weights",
            "--output",
            output.toString()),
        captured::err);
    List<ExportedProgram> programs = ExportManifest.read(output).programs();
    assertEquals(
        List.of("train_step_1x8", "train_step_1x8_from_2"),
        programs.stream().map(ExportedProgram::name).toList());
    List<OptionalInt> embedding =
        programs.stream()
            .map(one -> one.input("model.embed_tokens.weight").orElseThrow().donatedTo())
            .toList();
    assertEquals(List.of(OptionalInt.empty(), OptionalInt.of(0)), embedding);
  }

  @Test
  void aMeshIsSaidWhole() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String model = tiny.model("llama", TinyRun.LLAMA).resolve("config.json").toString();
    String output = folder.resolve("export").toString();
    List<String> common =
        List.of(
            "export",
            model,
            "--buckets",
            "2x8",
            "--no-weights",
            "--output",
            output,
            "--max_new_tokens",
            "4");
    List<String> rest = new ArrayList<>(common);
    rest.addAll(List.of("--mesh.data", "-1"));
    assertEquals(2, run(rest.toArray(String[]::new)));
    assertEquals(
        "hlotune: 'mesh': expected the size of every axis or 'num_devices', as an export asks no device, got -1, the rest",
        lastLine());
    List<String> uneven = new ArrayList<>(common);
    uneven.addAll(List.of("--mesh.data", "4"));
    assertEquals(3, run(uneven.toArray(String[]::new)));
    assertTrue(
        lastLine()
            .startsWith("hlotune: batch of 2 rows of 8 positions: expected multiples of 4 and 1"),
        lastLine());
    List<String> all = new ArrayList<>(common);
    all.addAll(List.of("--mesh.data", "-1", "--num_devices", "2"));
    assertEquals(0, run(all.toArray(String[]::new)), captured::err);
    assertEquals(List.of(new Axis("data", 2)), ExportManifest.read(Path.of(output)).mesh());
  }

  /** Layers one by one, weights as the model computes with them, under the names of its files. */
  @Test
  void aModelIsExportedToBeAsked() throws IOException {
    TestClient.get();
    Path model = Fixtures.model("llama").directory();
    Path output = folder.resolve("export");
    assertEquals(
        0,
        run(
            "export",
            model.toString(),
            "--buckets",
            "1x8,2x8",
            "--max_new_tokens",
            "4",
            "--cache_dir",
            TinyRun.CACHE.toString(),
            "--output",
            output.toString()),
        captured::err);
    ExportManifest manifest = ExportManifest.read(output);
    assertEquals(
        List.of(
            "eval_step_1x8",
            "eval_step_2x8",
            "prefill_1x8",
            "decode_1x12",
            "prefill_2x8",
            "decode_2x12"),
        manifest.programs().stream().map(ExportedProgram::name).toList());
    try (SafetensorsFile own = SafetensorsFile.open(model.resolve("model.safetensors"));
        SafetensorsFile exported = SafetensorsFile.open(output.resolve("weights.safetensors"))) {
      for (TensorEntry entry : exported.tensors().values()) {
        assertEquals(-1, entry.data().mismatch(own.tensor(entry.name()).data()), entry.name());
      }
      assertFalse(exported.tensors().isEmpty());
    }

    Path inputs = folder.resolve("inputs.safetensors");
    SafetensorsWriter.write(
        inputs,
        List.of(ints("tokens", 0, 0, 0, 7, 12, 61, 5, 33), ints("starts", 3), ints("unknown", 1)));
    Path outputs = folder.resolve("outputs.safetensors");
    assertEquals(
        0,
        run(
            "run",
            output.resolve("manifest.json").toString(),
            "--program",
            "prefill_1x8",
            "--inputs",
            inputs.toString(),
            "--cache_dir",
            TinyRun.CACHE.toString(),
            "--output",
            outputs.toString()),
        captured::err);
    assertTrue(
        captured.err().contains(inputs + ": not used, no inputs of 'prefill_1x8': [unknown]"),
        captured::err);
    try (SafetensorsFile file = SafetensorsFile.open(outputs)) {
      assertEquals(List.of(1L, 97L), file.tensor("logits").shape());
    }
    assertEquals(2, run("export", model.toString(), "--buckets", "1x8", "--output", "" + output));
    assertEquals(
        "hlotune: 'output': expected a folder that is empty or not there, got '%s'; name another, or give --overwrite"
            .formatted(output),
        lastLine());
    assertEquals(
        0,
        run(
            "export",
            model.toString(),
            "--buckets",
            "1x8",
            "--programs",
            "eval_step",
            "--no-weights",
            "--overwrite",
            "--output",
            output.toString()),
        captured::err);
    assertFalse(Files.exists(output.resolve("weights.safetensors")));
  }

  private static TensorEntry ints(String name, int... values) {
    byte[] bytes = new byte[4 * values.length];
    MemorySegment.ofArray(bytes).copyFrom(MemorySegment.ofArray(values));
    List<Long> shape =
        name.equals("tokens") ? List.of(1L, (long) values.length) : List.of((long) values.length);
    return new TensorEntry(name, StorageType.I32, shape, MemorySegment.ofArray(bytes));
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String model = tiny.model("llama", TinyRun.LLAMA).resolve("config.json").toString();
    String output = folder.resolve("export").toString();
    Path filled = Files.createDirectories(folder.resolve("filled"));
    Files.writeString(filled.resolve("thesis.txt"), "all of it");

    assertEquals(2, run("export", model, "--output", output));
    assertEquals(
        "hlotune: 'buckets': expected shapes such as 1x128, as there is no data that has them, got none",
        lastLine());
    assertEquals(2, run("export", model, "--output", output, "--buckets", "8"));
    assertEquals(
        "hlotune: 'buckets': expected rows x tokens such as 1x128,8x512, got '8'", lastLine());
    assertEquals(2, run("export", model, "--output", output, "--programs", "eval_step,loss"));
    assertEquals(
        "hlotune: 'programs': expected some of [train_step, eval_step, prefill, decode], got 'loss'",
        lastLine());
    assertEquals(2, run("export", model, "--output", output, "--buckets", "1x65"));
    assertEquals(
        "hlotune: 'max_length': expected at most the model's 64 positions, got 65", lastLine());
    assertEquals(
        2, run("export", model, "--output", "" + filled, "--buckets", "1x8", "--overwrite"));
    assertTrue(lastLine().contains("'output': expected a folder that is empty"), lastLine());
    assertTrue(Files.exists(filled.resolve("thesis.txt")));
    assertEquals(2, run("export", model, "--output", output, "--buckets", "1x8", "--symbolic"));
    assertEquals(
        "hlotune: 'buckets': expected shapes with --symbolic of which one is larger than another,"
            + " got 1x8",
        lastLine());
    assertEquals(
        2,
        run(
            "export",
            "--model_name_or_path",
            model,
            "--neftune_noise_alpha",
            "5",
            "--output",
            output,
            "--buckets",
            "1x8,4x16",
            "--programs",
            "train_step",
            "--symbolic"));
    assertEquals(
        "hlotune: symbolic sizes: expected numbers that are polynomials of [batch, seq] with whole"
            + " coefficients, got others in stablehlo.constant of Noise.java:23; export each shape"
            + " by itself",
        lastLine());
    assertEquals(2, run("export", model, "--output", output, "--buckets", "1x8", "--portable"));
    assertTrue(lastLine().contains("tools/export/portable_artifact.py"), lastLine());
    assertFalse(Files.exists(folder.resolve("export")));

    Path manifest = Files.writeString(folder.resolve("manifest.json"), "{\"format\": \"other\"}");
    assertEquals(3, run("run", "" + manifest, "--output", output));
    assertEquals(
        "hlotune: %s: field \"format\": expected 'hlotune-export', got 'other'".formatted(manifest),
        lastLine());
    assertEquals(2, run("run", "" + manifest, "--output", output, "--steps", "0"));
    assertFalse(captured.err().contains("Exception"), captured::err);
  }
}
