package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs with trackers: all of them have what metrics.jsonl has. */
final class WatchedRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() throws IOException {
    TestClient.get();
    tiny = new TinyRun(folder);
    tiny.options();
  }

  private RunSummary run(Map<String, String> environment, String... options) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "eval_dataset_name", tiny.path("heldout.jsonl").toString(),
                "eval_generate_samples", "8",
                "max_new_tokens", "4",
                "eval_steps", "4"));
    all.addAll(List.of(options));
    return WatchedRun.run(
        SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
        environment,
        events::add,
        new AtomicBoolean());
  }

  private List<String> notes() {
    return events.stream()
        .filter(RunEvent.Noted.class::isInstance)
        .map(event -> ((RunEvent.Noted) event).message())
        .filter(note -> !note.startsWith("data audit: "))
        .toList();
  }

  @Test
  void everyTrackerHasTheFiguresOfTheRun() throws IOException {
    try (FakeMlflow server = new FakeMlflow()) {
      RunSummary summary =
          run(
              Map.of("MLFLOW_TRACKING_URI", server.address(), "WANDB_RUN_ID", "abcd1234"),
              "report_to",
              "tensorboard,mlflow,wandb",
              "run_name",
              "a tiny run");
      assertEquals(RunSummary.Outcome.DONE, summary.outcome());
      assertEquals(List.of(), notes());
      assertInstanceOf(RunEvent.Ended.class, events.getLast());

      List<String> losses = new ArrayList<>();
      for (Map<String, Object> line : tiny.metrics("out")) {
        losses.add(line.get("step") + "=" + line.get("loss"));
      }
      assertEquals(4, losses.size());
      assertEquals(losses, server.metric("loss"));
      assertEquals(2, server.metric("eval_loss").size());
      assertEquals("FINISHED", server.batches().getLast().get("status").textValue());

      Map<Long, Float> scalars = new HashMap<>();
      for (ProtoReader event : EventRecords.of(tiny.path("out/tensorboard"))) {
        if (event.has(5) && event.message(5).messages(1).getFirst().text(1).equals("train/epoch")) {
          event.message(5).messages(1).stream()
              .filter(value -> value.text(1).equals("train/loss"))
              .forEach(value -> scalars.put(event.number(2), value.single(2)));
        }
      }
      double[] steps = tiny.figures("out", "step");
      double[] values = tiny.figures("out", "loss");
      for (int i = 0; i < steps.length; i++) {
        assertEquals((float) values[i], scalars.get((long) steps[i]));
      }
      try (Stream<Path> runs = Files.list(tiny.path("out/wandb"))) {
        byte[] file =
            Files.readAllBytes(runs.findFirst().orElseThrow().resolve("run-abcd1234.wandb"));
        List<byte[]> records = WandbTest.records(file);
        assertEquals("a tiny run", new ProtoReader(records.get(1)).message(17).text(8));
        assertEquals(
            4, records.stream().map(ProtoReader::new).filter(record -> record.has(2)).count());
      }
      String page = Files.readString(tiny.path("out/report.html"));
      assertTrue(page.contains("<h1>a tiny run</h1>") && page.contains("of 8 exactly right"));
    }
  }

  /** Nobody listens there. */
  @Test
  void aDeadServerIsANoteAndTheRunGoesOn() throws IOException {
    String address;
    try (FakeMlflow server = new FakeMlflow()) {
      address = server.address();
    }
    RunSummary summary = run(Map.of("MLFLOW_TRACKING_URI", address), "report_to", "mlflow");
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(4, tiny.metrics("out").size());
    assertTrue(
        notes().stream()
            .anyMatch(note ->
                note.matches(
                    "mlflow: expected an answer of 'http://.*', got '.*'; the run goes on, .*")),
        notes().toString());
    assertTrue(Files.exists(tiny.path("out/final/model.safetensors")));
    assertTrue(Files.exists(tiny.path("out/report.html")));
  }

  @Test
  void aTrackerWithoutItsSettingIsRefusedBeforeAnythingIsDone() {
    assertThrows(ConfigException.class, () -> run(Map.of(), "report_to", "mlflow"));
    assertTrue(events.isEmpty());
    assertTrue(Files.notExists(tiny.path("out")));
  }

  /** What cannot be written is no reason to lose a run. */
  @Test
  void aTrackerThatCannotWriteIsANote() throws IOException {
    Files.createDirectories(tiny.path("out"));
    Files.writeString(tiny.path("out/tensorboard"), "a file in the way");
    RunSummary summary = run(Map.of(), "report_to", "tensorboard");
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertTrue(
        notes().stream().anyMatch(note -> note.startsWith("tensorboard: ")), notes().toString());
  }
}
