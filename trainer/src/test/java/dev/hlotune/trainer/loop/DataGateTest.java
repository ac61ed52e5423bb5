package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose data cannot be trained on ends before anything is compiled, unless told to go on. */
final class DataGateTest {
  private static final String ENDLESS =
      "32 of 32 answers (100 %): they do not end with an end token that is learned: the model does"
          + " not learn to stop; use a template that ends the assistant's turn with a special token"
          + " of the tokenizer (first: ~/train.jsonl:1)";

  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void files() throws IOException {
    TestClient.get();
    tiny = new TinyRun(folder);
    tiny.options();
  }

  private RunSummary run(String... more) throws IOException {
    return SftRun.run(
        SftRecipe.read(tiny.options(more)).config(), events::add, new AtomicBoolean());
  }

  private List<String> notes() {
    return events.stream()
        .filter(RunEvent.Noted.class::isInstance)
        .map(event -> ((RunEvent.Noted) event).message().replace(folder.toString(), "~"))
        .filter(note -> note.startsWith("data audit: "))
        .toList();
  }

  /** A template whose turns end with nothing but a line break. */
  private String endless() throws IOException {
    return Files.writeString(
            tiny.path("endless.jinja"),
            "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}"
                + "{% endfor %}")
        .toString();
  }

  @Test
  void anErrorEndsTheRunBeforeItCompiles() throws IOException {
    String template = endless();
    String message =
        String.valueOf(
            assertThrows(DataException.class, () -> run("chat_template", template)).getMessage());
    assertEquals(
        "data audit: expected data without errors, got 1; see them with \"hlotune data audit\", or"
            + " set data_audit to warn\n  error end_token_not_trained: train.jsonl: "
            + ENDLESS,
        message.replace(folder.toString(), "~"));
    assertFalse(events.stream().anyMatch(RunEvent.Compiled.class::isInstance));
    assertFalse(Files.exists(tiny.path("out")), "nothing is begun");
  }

  @Test
  void anErrorCanBeOverruledAndIsSaid() throws IOException {
    RunSummary summary = run("chat_template", endless(), "data_audit", "warn", "max_steps", "1");
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(
        "data audit: error end_token_not_trained: train.jsonl: " + ENDLESS, notes().getFirst());
    assertTrue(
        notes().getLast().startsWith("data audit: warning duplicates: "), notes().toString());
  }

  @Test
  void warningsAreSaidAndTheRunGoesOn() throws IOException {
    run("max_steps", "1", "eval_dataset_name", tiny.path("heldout.jsonl").toString());
    assertEquals(
        List.of(
            "data audit: warning duplicates: 6 of 32 examples (18.8 %): they repeat an earlier"
                + " example token for token; remove them, unless they are meant to count more"
                + " (first: ~/train.jsonl:27 = ~/train.jsonl:1)",
            "data audit: warning held_out_leak: 8 of 8 held-out examples (100 %): they are trained"
                + " on as well, token for token: the held-out loss looks better than it is; remove"
                + " them from one of the two (first: ~/heldout.jsonl:1 = ~/train.jsonl:1)"),
        notes());
    assertTrue(events.stream().anyMatch(RunEvent.Compiled.class::isInstance));
  }
}
