package dev.hlotune.trainer.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GSM8K against what lm-evaluation-harness itself made of the same rows and the same model. */
final class Gsm8kTest {
  @TempDir Path folder;

  @Test
  void countsAsTheHarness() throws IOException {
    JsonNode counted = RecordedBenchmarks.recorded("gsm8k").path("counted");
    int right = 0;
    for (JsonNode one : counted) {
      Map<String, Double> values =
          Gsm8k.counted(one.path("response").asText(), one.path("answer").asText());
      for (String filter : List.of("strict-match", "flexible-extract")) {
        assertEquals(
            one.path(filter).doubleValue(), values.get("exact_match," + filter), one::toString);
        right += one.path(filter).intValue();
      }
    }
    assertTrue(right > 10 && right < 2 * counted.size() - 10, "right: " + right);
  }

  @Test
  void countsAsNanochat() {
    String answer = "6*250=<<6*250=1500>>1500\n#### 1,500";
    assertEquals(1, value("It is\n#### 1500", answer));
    assertEquals(1, value("#### 1,500<|assistant_end|>", answer));
    assertEquals(0, value("1500", answer));
    assertEquals(0, value("#### 150 #### 1500", answer));
    assertEquals(0, value("#### 1500.0", answer));
  }

  private static double value(String response, String answer) {
    return Gsm8k.countedAsNanochat(response, answer).getOrDefault("acc,none", -1.0);
  }

  /** The answers to the letter, after prompts that lose their beginning, and what they count. */
  @Test
  void answersAsTheHarness() throws IOException {
    TestClient.get();
    JsonNode recorded = RecordedBenchmarks.recorded("gsm8k");
    RecordedBenchmarks benchmarks = new RecordedBenchmarks(folder);
    BenchmarkResult result = benchmarks.run("answers", options(OptionalInt.of(2)));
    TaskResult task = result.tasks().getFirst();
    List<String> responses = new ArrayList<>();
    recorded.path("responses").forEach(response -> responses.add(response.asText()));
    assertEquals(responses, task.questions().stream().map(TaskResult.Answered::text).toList());
    assertEquals(
        List.of("exact_match,strict-match", "exact_match,flexible-extract"),
        List.copyOf(task.figures().keySet()));
    assertEquals(2, task.shots());
    assertEquals(responses.size(), result.work().answers());
    assertTrue(
        benchmarks.notes().stream().anyMatch(note -> note.startsWith("gsm8k: ")),
        () -> "notes: " + benchmarks.notes());
  }

  /** There must be room for an answer. */
  @Test
  void needsPositions() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> new RecordedBenchmarks(folder).run("gpt2", options(OptionalInt.of(0))));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith(
                "'gsm8k': expected a model with room for a question before an answer of 256"
                    + " tokens, got one of 200"),
        e::getMessage);
  }

  @Test
  void wantsAnswersThatEndInANumber() throws IOException {
    ObjectNode row =
        (ObjectNode) new JsonMapper().readTree("{\"question\": \"a\", \"answer\": \"\"}");
    DataException e =
        assertThrows(
            DataException.class,
            () -> Gsm8k.answer(new Columns(row, new Origin(Path.of("test.jsonl"), 4))));
    assertEquals(
        "test.jsonl:4: field \"answer\": expected an answer that ends in '#### ' and a number, got"
            + " \"\"; a split without answers cannot be scored, name a file that has them",
        e.getMessage());
  }

  private static BenchmarkOptions options(OptionalInt shots) {
    return new BenchmarkOptions(
        List.of("gsm8k"),
        shots,
        OptionalInt.empty(),
        false,
        OptionalInt.empty(),
        Optional.of(RecordedBenchmarks.ROWS),
        Map.of());
  }
}
