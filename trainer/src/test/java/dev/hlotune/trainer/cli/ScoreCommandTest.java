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

final class ScoreCommandTest {
  @TempDir Path folder;

  private final Captured captured = Captured.plain();

  @Test
  void printsALineOfJsonForEveryRecord() throws IOException {
    TestClient.get();
    Path data = Fixtures.path("scores/llama.jsonl");
    assertEquals(0, run(Fixtures.model("llama").directory(), data), captured::err);
    List<String> lines = captured.out().lines().toList();
    List<String> expected = Files.readAllLines(data);
    assertEquals(expected.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = new JsonMapper().readTree(lines.get(i));
      JsonNode record = new JsonMapper().readTree(expected.get(i));
      assertEquals(record.path("input_ids"), line.path("tokens"));
      assertEquals(List.of("tokens", "logprobs", "weights"), names(line));
      assertTrue(line.path("logprobs").get(0).isNull());
      assertEquals(line.path("tokens").size(), line.path("logprobs").size());
      for (int j = 1; j < line.path("logprobs").size(); j++) {
        assertEquals(
            record.path("logprobs").get(j).doubleValue(),
            line.path("logprobs").get(j).doubleValue(),
            1e-4);
      }
    }
    assertTrue(captured.err().contains("scored 13 records, 214 tokens in"), captured::err);
  }

  @Test
  void writesAFileWholeOrNotAtAll() throws IOException {
    TestClient.get();
    Path output = folder.resolve("new/scores.jsonl");
    Path data = Fixtures.path("scores/llama.jsonl");
    Path model = Fixtures.model("llama").directory();
    assertEquals(0, run(model, data, "--output", output.toString()), captured::err);
    assertEquals("", captured.out());
    assertEquals(13, Files.readAllLines(output).size());
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"input_ids\": [5,\n");
    assertEquals(3, run(model, bad, "--output", output.toString()));
    assertTrue(captured.err().contains("hlotune: " + bad + ":1: "), captured::err);
    assertEquals(13, Files.readAllLines(output).size());
    try (var files = Files.list(output.resolveSibling(""))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertEquals(2, Main.run(captured.console(), "score", "model"));
    assertEquals(2, Main.run(captured.console(), "score", "--data", "x.jsonl"));
    assertEquals(
        2, Main.run(captured.console(), "score", "model", "--data", "x.jsonl", "--nokey", "1"));
    List<String> lines = captured.err().lines().toList();
    assertTrue(lines.get(0).contains("--data"), lines::toString);
    assertEquals(
        "hlotune: MODEL: expected a model directory or an id of the hub first, got none; see hlotune score --help",
        lines.get(1));
    assertTrue(captured.err().contains("'nokey': expected a known key"), captured::err);
    assertFalse(captured.err().contains("Exception"), captured::err);
  }

  private int run(Path model, Path data, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "score",
                model.toString(),
                "--data",
                data.toString(),
                "--tokenizer_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--cache_dir",
                TinyRun.CACHE.toString()));
    arguments.addAll(List.of(more));
    return Main.run(captured.console(), arguments.toArray(String[]::new));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
