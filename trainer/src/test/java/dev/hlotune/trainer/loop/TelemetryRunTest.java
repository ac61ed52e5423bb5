package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says of its cost, and of updates that gave no number. */
final class TelemetryRunTest {
  /** Of {@link TinyRun#LLAMA}: attention, the gated MLP and three norms. */
  private static final double LAYERS = 2 * 16 * 16 + 2 * 16 * 8 + 3 * 16 * 32 + 3 * 16;

  private static final double HEAD = 512 * 16;

  @TempDir java.nio.file.Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunSummary run(String... options) throws IOException {
    events.clear();
    return SftRun.run(
        SftRecipe.read(tiny.options(options)).config(), events::add, new AtomicBoolean());
  }

  @Test
  void costIsCountedAndTheEndIsWrittenAsTransformersDoes() throws IOException {
    tiny.options();
    RunSummary summary =
        run(
            "peak_flops_per_device", "1e15",
            "eval_dataset_name", tiny.path("heldout.jsonl").toString(),
            "eval_generate_samples", "8",
            "max_new_tokens", "4");
    List<Map<String, Object>> lines = tiny.metrics("out");
    Map<String, Object> last = lines.getLast();
    // 8 updates of 4 rows of 16 positions.
    double flos = 6 * LAYERS * 8 * 4 * 16;
    assertEquals(flos, number(last, "total_flos"));
    for (Map<String, Object> line : lines) {
      double tokens = number(line, "tokens_per_second");
      double supervised = tokens * number(line, "supervised_fraction");
      assertEquals(
          6 * (LAYERS * tokens + HEAD * supervised) / 1e15, number(line, "mfu"), 1e-9, "mfu");
      assertEquals(
          2 * 4 / 2.0,
          number(line, "samples_per_second") * number(line, "step_time_ms") / 1e3,
          1e-6);
      assertTrue(number(line, "data_wait_ms") >= 0);
      assertTrue(number(line, "device_memory_bytes") > 4 * (LAYERS + HEAD));
      assertTrue(number(line, "host_memory_bytes") > 1 << 20);
      for (String none :
          List.of("skipped_steps", "overflowed_steps", "nonfinite_steps", "masked_rows")) {
        assertEquals(0, number(line, none), none);
      }
    }
    JsonNode results = new JsonMapper().readTree(tiny.path("out/train_results.json").toFile());
    List<String> keys = new ArrayList<>();
    results.fieldNames().forEachRemaining(keys::add);
    assertEquals(
        List.of(
            "epoch",
            "total_flos",
            "train_loss",
            "train_runtime",
            "train_samples_per_second",
            "train_steps_per_second"),
        keys);
    assertEquals(1.0, results.get("epoch").doubleValue());
    assertEquals(flos, results.get("total_flos").doubleValue());
    assertEquals(summary.trainLoss(), results.get("train_loss").doubleValue());
    assertEquals(
        32 / summary.seconds(), results.get("train_samples_per_second").doubleValue(), 1e-3);
    assertEquals(8 / summary.seconds(), results.get("train_steps_per_second").doubleValue(), 1e-3);

    List<String> samples = Files.readAllLines(tiny.path("out/samples.jsonl"));
    assertEquals(8, samples.size());
    JsonNode sample = new JsonMapper().readTree(samples.getFirst());
    assertEquals(8, sample.get("step").intValue());
    assertTrue(sample.get("prompt").textValue().contains("a"), sample.toString());
    assertEquals("yes", sample.get("reference").textValue());
    assertEquals(
        sample.get("completion").equals(sample.get("reference")),
        sample.get("exact_match").booleanValue());
  }

  @Test
  void answersAreSeenToChange() throws IOException {
    tiny.options();
    run(
        "eval_dataset_name", tiny.path("heldout.jsonl").toString(),
        "eval_steps", "4",
        "eval_generate_samples", "2",
        "eval_generate_strategy", "eval",
        "max_new_tokens", "4");
    List<Integer> steps = new ArrayList<>();
    for (String line : Files.readAllLines(tiny.path("out/samples.jsonl"))) {
      steps.add(new JsonMapper().readTree(line).get("step").intValue());
    }
    assertEquals(List.of(4, 4, 8, 8), steps, "those of the last update once");
    assertEquals(
        2, events.stream().filter(RunEvent.Sampled.class::isInstance).count(), "and told of");
  }

  /** One record of 32 weighs more than a float holds. */
  private String[] withABadRecord(String... more) throws IOException {
    tiny.options();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String weight = i == 5 ? "3e38" : "1";
      lines.add(
          "{\"input_ids\": [%d, 7, 9, 11], \"weights\": [0, %s, %s, 1]}"
              .formatted(20 + i, weight, weight));
    }
    List<String> options =
        new ArrayList<>(
            List.of(
                "dataset_name", tiny.data("bad.jsonl", lines).toString(), "logging_steps", "1"));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private JsonNode written() throws IOException {
    try (var files = Files.list(tiny.path("out/nonfinite"))) {
      List<java.nio.file.Path> all = files.toList();
      assertEquals(1, all.size());
      return new JsonMapper().readTree(all.getFirst().toFile());
    }
  }

  @Test
  void theFirstUpdateWithoutANumberEndsTheRunWithItsBatchWrittenOut() throws IOException {
    RunSummary summary = run(withABadRecord());
    assertEquals(RunSummary.Outcome.DIVERGED, summary.outcome());
    assertEquals(0, summary.skippedSteps());
    JsonNode batch = written();
    assertEquals(summary.steps() + 1, batch.get("step").intValue());
    assertEquals("taken", batch.get("update").textValue());
    assertBatch(batch);
  }

  private static void assertBatch(JsonNode batch) {
    assertEquals(4, batch.get("examples").size());
    boolean found = false;
    for (JsonNode example : batch.get("examples")) {
      if (example.get("origin").textValue().endsWith("bad.jsonl:6")) {
        found = true;
        assertEquals("[25,7,9,11]", example.get("input_ids").toString());
        assertEquals(3e38f, example.get("weights").get(1).floatValue());
        assertFalse(example.get("text").textValue().isEmpty());
      }
    }
    assertTrue(found, batch.toString());
  }

  @ParameterizedTest
  @CsvSource({"float32, 1", "bfloat16, 3"})
  void withinTheLimitTheUpdateIsLeftOutAndTheRunGoesOn(String dtype, String accumulation)
      throws IOException {
    RunSummary summary =
        run(
            withABadRecord(
                "dtype",
                dtype,
                "per_device_train_batch_size",
                accumulation.equals("1") ? "4" : "2",
                "gradient_accumulation_steps",
                accumulation.equals("1") ? "1" : "2",
                "max_nonfinite_steps",
                accumulation));
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(1, summary.skippedSteps());
    assertEquals(7, tiny.metrics("out").size());
    double[] losses = tiny.figures("out", "loss");
    assertTrue(losses[6] < losses[0], () -> losses[0] + " to " + losses[6]);
    JsonNode batch = written();
    assertEquals("left out", batch.get("update").textValue());
    assertBatch(batch);
    assertTrue(
        events.stream()
            .anyMatch(event ->
                event instanceof RunEvent.Noted noted
                    && noted
                        .message()
                        .contains(", left out (1 of at most " + accumulation + "); ")),
        events.toString());
  }

  @Test
  void toBeAbleToLeaveAnUpdateOutChangesNoOther() throws IOException {
    run("output_dir", tiny.path("plain").toString(), "logging_steps", "1");
    run(
        "output_dir",
        tiny.path("guarded").toString(),
        "logging_steps",
        "1",
        "max_nonfinite_steps",
        "1");
    for (String key : List.of("loss", "grad_norm")) {
      assertArrayEquals(tiny.figures("plain", key), tiny.figures("guarded", key), 1e-6, key);
    }
  }

  @Test
  void thePeakIsTheRecipesOrThatOfAKnownDevice() throws IOException {
    SftConfig half = SftRecipe.read(tiny.options("dtype", "bfloat16")).config();
    assertEquals(OptionalDouble.of(4 * 989e12), DevicePeak.of(half, "NVIDIA H100 80GB HBM3", 4));
    assertEquals(OptionalDouble.empty(), DevicePeak.of(half, "cpu", 1));
    SftConfig said =
        SftRecipe.read(tiny.options("dtype", "bfloat16", "peak_flops_per_device", "1e12")).config();
    assertEquals(OptionalDouble.of(2e12), DevicePeak.of(said, "NVIDIA H100 PCIe", 2));
    assertEquals(
        OptionalDouble.empty(),
        DevicePeak.of(SftRecipe.read(tiny.options()).config(), "NVIDIA H100 80GB HBM3", 1),
        "in float32 there is no figure");
  }

  private static double number(Map<String, Object> line, String key) {
    return ((Number) java.util.Objects.requireNonNull(line.get(key), key)).doubleValue();
  }
}
