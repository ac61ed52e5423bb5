package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of a tiny model on the device: what they leave, and what they have in common. */
final class SftRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunSummary run(String... options) throws IOException {
    events.clear();
    long before = Handles.live();
    RunSummary summary =
        SftRun.run(
            SftRecipe.read(tiny.options(options)).config(), events::add, new AtomicBoolean());
    assertEquals(before, Handles.live(), "handles left open");
    assertEquals(summary, assertInstanceOf(RunEvent.Ended.class, events.getLast()).summary());
    return summary;
  }

  private <T extends RunEvent> List<T> heard(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aWholeRunLearnsAndLeavesEverything() throws IOException {
    RunSummary summary =
        run(
            "eval_dataset_name", tiny.path("heldout.jsonl").toString(),
            "eval_steps", "20",
            "eval_generate_samples", "8",
            "max_new_tokens", "4",
            "learning_rate", "0.03",
            "max_steps", "40");
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(40, summary.steps());
    assertEquals(0, summary.recompiles());
    assertEquals(0, summary.skippedSteps());
    assertEquals(1.0, summary.exactMatch().orElseThrow().rate(), "the answer is always the same");

    assertEquals(20, tiny.metrics("out").size());
    for (Map<String, Object> line : tiny.metrics("out")) {
      Set<String> keys =
          Set.of(
              "step",
              "epoch",
              "loss",
              "grad_norm",
              "learning_rate",
              "num_tokens",
              "supervised_tokens",
              "tokens_per_second",
              "padding_fraction",
              "step_time_ms",
              "recompiles");
      assertTrue(line.keySet().containsAll(keys), line.toString());
      assertEquals(0, line.get("recompiles"));
    }
    for (String key : List.of("step_time_ms", "tokens_per_second")) {
      assertTrue(Arrays.stream(tiny.figures("out", key)).allMatch(value -> value > 0), key);
    }
    double[] losses = tiny.figures("out", "loss");
    assertTrue(losses[0] > 5 && losses[19] < 1, () -> losses[0] + " to " + losses[19]);
    assertEquals(
        List.of(20, 40),
        tiny.metrics("out").stream()
            .filter(line -> line.containsKey("eval_loss"))
            .map(line -> line.get("step"))
            .toList());
    double[] held = tiny.figures("out", "eval_loss");
    assertTrue(held[1] < held[0]);
    assertEquals(held[1], summary.evalLoss().orElseThrow());

    Map<String, Object> manifest = ModelDirectory.readConfig(tiny.path("out/run.json"));
    assertEquals(Set.of("versions", "config", "hashes", "device"), manifest.keySet());
    assertEquals(
        Set.of("data", "eval_data", "tokenizer", "template", "stablehlo/4x16"),
        keys(manifest.get("hashes")));
    assertEquals(Set.of("hlotune", "java", "system", "plugin"), keys(manifest.get("versions")));

    Path left = tiny.path("out/final");
    for (String file :
        List.of("config.json", "generation_config.json", "tokenizer.json", "model.safetensors")) {
      assertTrue(Files.exists(left.resolve(file)), file);
    }
    assertEquals(
        List.of(2, 0),
        ModelDirectory.readConfig(left.resolve("generation_config.json")).get("eos_token_id"));
    try (ModelWeights weights = ModelWeights.open(left)) {
      assertFalse(weights.tensors().containsKey("lm_head.weight"), "the head is the embedding");
    }
  }

  @Test
  void theSameSeedGivesTheSameRunAndAnotherAnother() throws IOException {
    for (String output : List.of("a", "b")) {
      run("output_dir", tiny.path(output).toString());
    }
    run("output_dir", tiny.path("c").toString(), "seed", "7");
    for (String key : List.of("loss", "grad_norm", "learning_rate", "num_tokens")) {
      assertArrayEquals(tiny.figures("a", key), tiny.figures("b", key), key);
    }
    assertArrayEquals(tiny.weights("a"), tiny.weights("b"));
    assertFalse(Arrays.equals(tiny.weights("a"), tiny.weights("c")));
    assertEquals(1, heard(RunEvent.Compiled.class).getFirst().fromCache(), "kept on disk");
  }

  @Test
  void theSplitIntoMicroBatchesChangesNothing() throws IOException {
    tiny.options();
    // Answers of different lengths: micro-batches have different weights, and the sum counts.
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      lines.add(
          "{\"question\": \"%s\", \"answer\": \"%s\"}"
              .formatted((char) ('a' + i), "no ".repeat(1 + i % 4)));
    }
    String data = tiny.data("uneven.jsonl", lines).toString();
    String[][] splits = {{"4", "1"}, {"1", "4"}, {"2", "2"}};
    for (String[] split : splits) {
      run(
          "dataset_name",
          data,
          "per_device_train_batch_size",
          split[0],
          "gradient_accumulation_steps",
          split[1],
          "group_by_length",
          "false",
          "logging_steps",
          "1",
          "max_steps",
          "4",
          "output_dir",
          tiny.path("split" + split[0]).toString());
    }
    for (String other : List.of("split1", "split2")) {
      assertArrayEquals(tiny.figures("split4", "num_tokens"), tiny.figures(other, "num_tokens"));
      assertArrayEquals(tiny.figures("split4", "loss"), tiny.figures(other, "loss"), 1e-5);
      assertArrayEquals(
          tiny.figures("split4", "grad_norm"), tiny.figures(other, "grad_norm"), 1e-5);
    }
  }

  @Test
  void aRunGoesOnFromWhatAnotherLeft() throws IOException {
    run("max_steps", "30", "learning_rate", "0.03");
    double[] first = tiny.figures("out", "loss");
    run(
        "model_name_or_path",
        tiny.path("out/final").toString(),
        "learning_rate",
        "1e-9",
        "output_dir",
        tiny.path("second").toString());
    double[] second = tiny.figures("second", "loss");
    assertTrue(second[0] < first[0] / 2, "weights are loaded");
    assertEquals(first[first.length - 1], second[0], 0.1);
    assertTrue(heard(RunEvent.Planned.class).getFirst().plan().model().contains("final"));
  }

  @ParameterizedTest
  @CsvSource({"none, false, bfloat16", "dots, true, float32", "full, true, bfloat16"})
  void everyLayoutAndTypeTrains(String checkpointing, String scan, String dtype)
      throws IOException {
    run(
        "model_name_or_path", tiny.model("gpt2", TinyRun.GPT2).toString(),
        "gradient_checkpointing", checkpointing,
        "scan_layers", scan,
        "dtype", dtype);
    double[] losses = tiny.figures("out", "loss");
    assertTrue(losses[3] < losses[0], () -> losses[0] + " to " + losses[3]);
    // Layers that were one tensor on the device are each their own in the file.
    try (ModelWeights weights = ModelWeights.open(tiny.path("out/final"))) {
      Set<String> names =
          weights.tensors().keySet().stream()
              .filter(name -> name.endsWith("c_attn.weight"))
              .collect(Collectors.toSet());
      assertEquals(
          Set.of("transformer.h.0.attn.c_attn.weight", "transformer.h.1.attn.c_attn.weight"),
          names);
    }
  }

  private static Set<?> keys(@Nullable Object value) {
    return assertInstanceOf(Map.class, value).keySet();
  }
}
