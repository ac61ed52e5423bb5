package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export gives the same numbers in JAX: as text, and as the portable artifact that is made of it
 * there. Needs a Python with jax, which the environment variable {@code HLOTUNE_PYTHON} names.
 */
final class ExportInJaxTest {
  @TempDir Path folder;

  @BeforeEach
  void python() throws Exception {
    String python = System.getenv("HLOTUNE_PYTHON");
    assumeTrue(python != null, "needs HLOTUNE_PYTHON, a Python with jax");
    Ended ended = python("-c", "import jax, ml_dtypes");
    assumeTrue(ended.code() == 0, "needs jax in HLOTUNE_PYTHON, got: " + ended.text());
  }

  @Test
  void onOneDevice() throws Exception {
    TinyExport export =
        TinyExport.write(
            folder,
            folder.resolve("export"),
            ShardingRules.none(),
            EnumSet.of(ProgramKind.TRAIN_STEP, ProgramKind.EVAL_STEP, ProgramKind.PREFILL));
    int rows = TinyExport.BUCKET.rows();
    int room = TinyExport.BUCKET.length();
    int[] tokens = new int[rows * room];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i * 31 % 512;
    }
    ParamMap<TensorEntry> prompts =
        TinyExport.named(
            TinyExport.ints("tokens", tokens, 0, rows, room),
            TinyExport.ints("starts", new int[] {0, 3, 0, 5}, 0, rows));
    run(TestClient.get(), export, "train_step", TinyExport.batches(2), OptionalInt.of(2));
    run(TestClient.get(), export, "eval_step", TinyExport.batches(0), OptionalInt.empty());
    run(TestClient.get(), export, "prefill", prompts, OptionalInt.empty());
    documented(export);
    check(
        export,
        Set.of(
            "train_step_4x12", "train_step_4x12 (portable)",
            "eval_step_4x12", "eval_step_4x12 (portable)",
            "prefill_4x12", "prefill_4x12 (portable)"));
  }

  /** Types are found by StableHLO's own passes there, and by the comments of the text here. */
  @Test
  void ofManyShapes() throws Exception {
    TinyExport export =
        TinyExport.write(
            folder,
            folder.resolve("export"),
            ShardingRules.none(),
            EnumSet.of(ProgramKind.TRAIN_STEP, ProgramKind.EVAL_STEP),
            List.of(new Bucket(1, 2), TinyExport.BUCKET),
            true);
    ParamMap<TensorEntry> batch = TinyExport.batches(new Bucket(3, 7), 0);
    run(TestClient.get(), export, "train_step", TinyExport.batches(2), OptionalInt.of(2));
    run(TestClient.get(), export, "eval_step", batch, OptionalInt.empty());
    check(
        export,
        Set.of(
            "train_step {'batch': 4, 'seq': 12}", "train_step (portable) {'batch': 4, 'seq': 12}",
            "eval_step {'batch': 3, 'seq': 7}", "eval_step (portable) {'batch': 3, 'seq': 7}"));
  }

  @Test
  void onFourDevices() throws Exception {
    TestClient.get();
    ShardingRules rules = TinyExport.fourDevices();
    TinyExport export =
        TinyExport.write(
            folder,
            folder.resolve("export"),
            rules,
            EnumSet.of(ProgramKind.TRAIN_STEP, ProgramKind.EVAL_STEP));
    try (Client client = TestClient.get().plugin().cpuClient(4)) {
      run(client, export, "train_step", TinyExport.batches(2), OptionalInt.of(2));
      run(client, export, "eval_step", TinyExport.batches(0), OptionalInt.empty());
    }
    documented(export);
    check(
        export,
        Set.of(
            "train_step_4x12", "train_step_4x12 (portable)",
            "eval_step_4x12", "eval_step_4x12 (portable)"));
  }

  private void run(
      Client client, TinyExport export, String kind, ParamMap<TensorEntry> given, OptionalInt steps)
      throws IOException {
    ExportedRun run = ExportedRun.open(export.folder(), Optional.of(kind));
    ParamMap<TensorEntry> all =
        kind.equals("train_step")
            ? given.plus(
                "learning_rate", TinyExport.floats("learning_rate", new float[] {0.01f, 0.02f}, 2))
            : given;
    Path runs = Files.createDirectories(folder.resolve("runs"));
    Path inputs = TinyExport.file(runs.resolve(run.program().name() + ".inputs.safetensors"), all);
    try (RunInputs found = RunInputs.open(run, List.of(inputs), Map.of(), steps)) {
      run.run(
          client,
          TinyExport.QUICK,
          found,
          steps,
          runs.resolve(run.program().name() + ".outputs.safetensors"));
    }
  }

  /** The script of the page, one step of training: its loss is ours. */
  private void documented(TinyExport export) throws Exception {
    String page = Files.readString(Repository.root().resolve("docs/export.md"));
    Matcher block = Pattern.compile("(?s)```python\\n(.*?)```").matcher(page);
    assertTrue(block.find());
    Path script = Files.writeString(folder.resolve("script.py"), block.group(1));
    Path inputs = TinyExport.file(folder.resolve("batch.safetensors"), TinyExport.batches(0));
    Ended ended =
        python(
            script.toString(),
            export.folder().toString(),
            "train_step_4x12",
            inputs.toString(),
            "1");
    assertEquals(0, ended.code(), ended::text);
    Matcher metrics = Pattern.compile("0 metrics \\[([^,]+),").matcher(ended.text());
    assertTrue(metrics.find(), ended::text);
    float[] ours =
        TinyExport.read(folder.resolve("runs/train_step_4x12.outputs.safetensors"))
            .get("metrics")
            .toFloats();
    assertEquals(ours[0], Float.parseFloat(metrics.group(1)), 1e-4 * ours[0]);
  }

  private void check(TinyExport export, Set<String> expected) throws Exception {
    Path tools = Repository.root().resolve("tools/export");
    Ended made =
        python(tools.resolve("portable_artifact.py").toString(), export.folder().toString());
    assertEquals(0, made.code(), made::text);
    ExportManifest.read(export.folder()); // The artifacts' names are in it now.
    Ended checked =
        python(
            tools.resolve("check_jax.py").toString(),
            export.folder().toString(),
            "--runs",
            folder.resolve("runs").toString(),
            "--steps",
            "2");
    assertEquals(0, checked.code(), checked::text);
    for (String name : expected) {
      assertTrue(checked.text().contains(name + ": "), checked::text);
    }
  }

  private record Ended(int code, String text) {}

  private Ended python(String... arguments) throws Exception {
    Path log = folder.resolve("python.log");
    List<String> command = new ArrayList<>(List.of(System.getenv("HLOTUNE_PYTHON")));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "Python did not end");
    return new Ended(process.exitValue(), Files.readString(log));
  }
}
