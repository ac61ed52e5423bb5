package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that do not come to their end: what they leave is whole, and nothing stays open. */
final class StoppedRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunSummary run(SftRun.FreeMemory memory, String... options) throws IOException {
    long before = Handles.live();
    try {
      return SftRun.run(
          SftRecipe.read(tiny.options(options)).config(), Map.of(), this::hear, stop, memory);
    } finally {
      assertEquals(before, Handles.live(), "handles left open");
    }
  }

  private Predicate<RunEvent> stopAt = event -> false;

  private void hear(RunEvent event) {
    events.add(event);
    if (stopAt.test(event)) {
      stop.set(true);
    }
  }

  /** A run with held-out data that is asked to stop at an event. */
  private RunSummary stoppedAt(Predicate<RunEvent> moment, String... more) throws IOException {
    stopAt = moment;
    List<String> options =
        new ArrayList<>(
            List.of(
                "eval_steps", "4",
                "eval_generate_samples", "8",
                "max_new_tokens", "4",
                "logging_steps", "1"));
    tiny.options();
    options.addAll(List.of("eval_dataset_name", tiny.path("heldout.jsonl").toString()));
    options.addAll(List.of(more));
    return run(Devices::freeMemory, options.toArray(String[]::new));
  }

  private static Predicate<RunEvent> progress(String activity) {
    return event ->
        event instanceof RunEvent.Progressed progressed
            && progressed.activity().startsWith(activity);
  }

  private static Predicate<RunEvent> step(int step) {
    return event -> event instanceof RunEvent.Stepped stepped && stepped.metrics().step() == step;
  }

  @Test
  void whileTokenizing() throws IOException {
    RunSummary summary =
        stoppedAt(progress("tokenizing"), "cache_dir", folder.resolve("c").toString());
    assertEquals(RunSummary.nothing(tiny.path("out")), summary);
    assertFalse(Files.exists(tiny.path("out")));
  }

  @Test
  void whileCompiling() throws IOException {
    assertEquals(RunSummary.nothing(tiny.path("out")), stoppedAt(progress("compiling")));
    assertFalse(Files.exists(tiny.path("out")));
  }

  @Test
  void whileTraining() throws IOException {
    RunSummary summary = stoppedAt(step(2));
    assertEquals(RunSummary.Outcome.INTERRUPTED, summary.outcome());
    assertTrue(summary.steps() >= 2 && summary.steps() <= 5, summary.toString());
    assertEquals(8, summary.plannedSteps());
    assertEquals(summary.steps(), tiny.metrics("out").size());
    assertLeavesACheckpoint(summary);
    assertTrue(summary.exactMatch().isEmpty());
  }

  /** What is not done leaves no final model, but all that it takes to go on. */
  private void assertLeavesACheckpoint(RunSummary summary) throws IOException {
    CheckpointDirectory checkpoint = CheckpointDirectory.at(tiny.path("out"), summary.steps());
    checkpoint.verify();
    assertTrue(Files.exists(checkpoint.file("model.safetensors")));
    assertFalse(Files.exists(tiny.path("out/final")));
  }

  @Test
  void theLastStepBeforeTheEndHasALine() throws IOException {
    RunSummary summary = stoppedAt(step(2), "logging_steps", "100", "eval_steps", "100");
    assertEquals(1, tiny.metrics("out").size());
    assertEquals((double) summary.steps(), tiny.figures("out", "step")[0]);
  }

  @Test
  void whileEvaluating() throws IOException {
    // Step 3 is heard right before the evaluation after step 4, which is given up.
    RunSummary summary = stoppedAt(step(3));
    assertEquals(RunSummary.Outcome.INTERRUPTED, summary.outcome());
    assertEquals(4, summary.steps());
    assertEquals(4, tiny.metrics("out").size());
    assertEquals(0, tiny.figures("out", "eval_loss").length, "half a measurement is none");
    assertTrue(summary.evalLoss().isEmpty());
    assertLeavesACheckpoint(summary);
  }

  @Test
  void whileAnswering() throws IOException {
    RunSummary summary =
        stoppedAt(
            event -> event instanceof RunEvent.Saved saved && saved.directory().endsWith("final"));
    assertEquals(RunSummary.Outcome.INTERRUPTED, summary.outcome());
    assertEquals(8, summary.steps());
    assertTrue(summary.exactMatch().isEmpty());
    assertTrue(summary.evalLoss().isPresent());
    assertTrue(Files.exists(tiny.path("out/final/model.safetensors")));
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunWithoutAModel() throws IOException {
    RunSummary summary = run(Devices::freeMemory, "learning_rate", "1e30", "logging_steps", "1");
    assertEquals(RunSummary.Outcome.DIVERGED, summary.outcome());
    assertEquals(summary.steps(), tiny.metrics("out").size());
    assertTrue(summary.steps() >= 1 && summary.steps() < 8, summary.toString());
    assertFalse(Files.exists(tiny.path("out/final")));
    assertTrue(
        events.stream()
            .anyMatch(event ->
                event instanceof RunEvent.Noted noted
                    && noted
                        .message()
                        .matches(
                            "step \\d: expected a finite loss and gradient, got .*; lower learning_rate, .*")),
        events.toString());
  }

  @Test
  void tooLittleMemoryIsToldWithWhatTakesItAndTheKeysToLower() throws IOException {
    ConfigException state = assertThrows(ConfigException.class, () -> run(_ -> 100_000));
    // 512 x 16 words, 2 x 16 x 16 + 2 x 16 x 8 of attention, 3 x 16 x 32, 3 norms of 16; in f32.
    assertEquals(
        "memory: expected 0.12 MiB free (parameters 0.04 MiB, optimizer state 0.08 MiB), got 0.10"
            + " MiB; name a smaller model",
        state.getMessage());
    ConfigException step = assertThrows(ConfigException.class, () -> run(_ -> 200_000));
    String problem = String.valueOf(step.getMessage());
    assertTrue(
        problem.matches(
            "memory: expected [\\d.]+ MiB free \\(parameters 0.04 MiB, optimizer state 0.08 MiB, batch, activations and gradients [\\d.]+ MiB\\), got 0.19 MiB; lower 'per_device_train_batch_size' .* 'max_length', or set 'gradient_checkpointing' to 'full'"),
        problem);
    assertFalse(Files.exists(tiny.path("out")), "nothing is begun that cannot be done");
  }

  @Test
  void aLineWithoutRoomDoesNotCostTheModel() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full, a file that never has room");
    Files.createDirectories(tiny.path("out"));
    Files.createSymbolicLink(tiny.path("out/metrics.jsonl"), full);
    UncheckedIOException failed =
        assertThrows(UncheckedIOException.class, () -> run(Devices::freeMemory));
    assertTrue(
        String.valueOf(failed.getMessage())
            .matches(
                ".*out/metrics.jsonl': expected to write \\d+ bytes, got 'No space left on device'; make room or name another output_dir, .*"),
        failed.getMessage());
    List<CheckpointDirectory> left = CheckpointDirectory.in(tiny.path("out"));
    assertEquals(1, left.size());
    left.getFirst().verify();
    Files.delete(tiny.path("out/metrics.jsonl"));
  }

  @Test
  void resultsOfAnEarlierRunAreKeptUnlessToldOtherwise() throws IOException {
    run(Devices::freeMemory);
    byte[] weights = tiny.weights("out");
    ConfigException refused =
        assertThrows(ConfigException.class, () -> run(Devices::freeMemory, "seed", "7"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("--overwrite_output_dir true"),
        refused.getMessage());
    assertEquals(-1, Arrays.mismatch(weights, tiny.weights("out")));
    run(Devices::freeMemory, "seed", "7", "overwrite_output_dir", "true");
    assertTrue(Arrays.mismatch(weights, tiny.weights("out")) >= 0);
  }

  @Test
  void weightsThatCannotBeUsedAreToldBeforeAnythingElse() throws IOException {
    Path model = tiny.model("broken", TinyRun.LLAMA);
    Files.writeString(model.resolve("model.safetensors"), "not a safetensors file at all");
    refused(model, "model.safetensors: safetensors header: expected ");
    Files.copy(
        Fixtures.path("models/llama/model.safetensors"),
        model.resolve("model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    refused(model, ": weights: expected the 11 tensors of the model in 'config.json', got ");
    Files.delete(model.resolve("model.safetensors"));
    Files.writeString(model.resolve("pytorch_model.bin"), "");
    refused(
        model,
        ": weights: expected 'model.safetensors', got 'pytorch_model.bin'; save the model with");
  }

  private void refused(Path model, String what) {
    DataException refused =
        assertThrows(
            DataException.class,
            () -> run(Devices::freeMemory, "model_name_or_path", model.toString()));
    assertTrue(String.valueOf(refused.getMessage()).contains(what), refused.getMessage());
    assertEquals(List.of(), events);
    assertFalse(Files.exists(tiny.path("out")));
  }
}
