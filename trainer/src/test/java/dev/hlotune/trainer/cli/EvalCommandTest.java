package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvalCommandTest {
  private static final Path ROWS = Fixtures.path("benchmarks/rows");

  @TempDir Path folder;

  private final Captured captured = Captured.plain();

  @Test
  void printsATableAndWritesJson() throws IOException {
    TestClient.get();
    Path output = folder.resolve("new/results.json");
    assertEquals(
        0,
        run(
            "--tasks",
            "arc_easy,ai2_arc",
            "--num_fewshot",
            "1",
            "--limit",
            "2",
            "--data_dir",
            ROWS.toString(),
            "--output",
            output.toString(),
            "--log_samples"),
        captured::err);
    List<String> lines = captured.out().lines().toList();
    assertEquals(5, lines.size(), captured::out);
    assertTrue(lines.get(0).matches("task +version +shots +questions +measure +value +\\+/-"));
    assertTrue(
        lines.get(1).matches("arc_easy +1.0 +1 +2 of 8 +acc +\\d\\.\\d{4} +\\d\\.\\d{4}"),
        captured::out);
    assertTrue(lines.get(2).matches(" +acc_norm +\\d\\.\\d{4} +\\d\\.\\d{4}"), captured::out);
    assertTrue(lines.get(3).startsWith("arc_challenge "), captured::out);
    JsonNode json = new JsonMapper().readTree(output.toFile());
    assertEquals(2, json.path("n-samples").path("arc_easy").path("effective").intValue());
    assertEquals(8, json.path("n-samples").path("arc_easy").path("original").intValue());
    assertEquals(1, json.path("n-shot").path("arc_challenge").intValue());
    assertTrue(json.path("results").path("arc_easy").path("acc_norm,none").isNumber());
    assertEquals("float32", json.path("config").path("model_dtype").textValue());
    assertEquals(2, json.path("config").path("limit").intValue());
    List<String> samples = Files.readAllLines(output.resolveSibling("samples_arc_easy.jsonl"));
    assertEquals(2, samples.size());
    assertEquals(4, new JsonMapper().readTree(samples.getFirst()).path("resps").size());
    assertTrue(captured.err().contains("scored 17 texts"), captured::err);
  }

  @Test
  void saysWhatIsWrongInOneLine() {
    assertEquals(2, Main.run(captured.console(), "eval", "model"));
    assertEquals(2, Main.run(captured.console(), "eval", "--tasks", "arc_easy"));
    assertEquals(2, run("--tasks", "arc_esy"));
    assertEquals(2, run("--tasks", "arc_easy", "--log_samples"));
    assertEquals(2, run("--tasks", "arc_easy", "--limit", "0"));
    assertEquals(2, run("--tasks", "arc_easy", "--limit", "few"));
    assertEquals(3, run("--tasks", "arc_easy", "--data_dir", folder.toString()));
    Path none = folder.resolve("none");
    assertEquals(3, run("--tasks", "arc_easy", "--task_files", "arc_easy=" + none));
    List<String> lines =
        captured.err().lines().filter(line -> line.startsWith("hlotune: ")).toList();
    assertEquals(8, lines.size(), captured::err);
    assertTrue(lines.get(1).startsWith("hlotune: MODEL: expected a model directory"));
    assertTrue(lines.get(2).contains("got 'arc_esy' (did you mean 'arc_easy'?)"));
    assertTrue(lines.get(4).contains("'limit': expected at least 1, got 0"));
    assertTrue(lines.get(6).contains("expected split \"test\" of 'arc_easy'"));
    assertTrue(lines.get(7).contains(none.toString()));
    assertFalse(captured.err().contains("Exception"), captured::err);
  }

  @Test
  void helpListsTheTasks() {
    assertEquals(0, Main.run(captured.console(), "eval", "--help"));
    String help = captured.out().replaceAll("\\s+", " ");
    assertTrue(help.contains("Tasks: arc_easy, ARC-Easy, arc_challenge,"), captured::out);
    assertFalse(help.contains("mmlu_anatomy"), captured::out);
  }

  private int run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                Fixtures.path("benchmarks/gpt2").toString(),
                "--tokenizer_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--max_buckets",
                "1",
                "--cache_dir",
                TinyRun.CACHE.toString()));
    arguments.addAll(List.of(more));
    return Main.run(captured.console(), arguments.toArray(String[]::new));
  }
}
