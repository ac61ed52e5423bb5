package dev.hlotune.trainer.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.SftRun;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-probabilities against what {@code record_scores.py} recorded of transformers. */
final class ScoringTest {
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  private final List<Score> scores = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void needsADevice() {
    TestClient.get();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, 8, false", "gpt2-variant, 8, false", "llama, 8, false", "llama-variant, 8, false",
    "mistral, 8, false", "qwen2, 8, false", "qwen3, 8, false", "gemma2, 8, false",
    "gemma3, 8, false", "phi3, 8, false", "smollm3, 8, false", "nanochat-transformers, 8, false",
    "gpt2, 8, true", "llama, 1, true", "gemma2, 2, true"
  })
  void areThoseOfTransformersInTheOrderOfTheFile(String name, String rows, String scan)
      throws IOException {
    Path data = Fixtures.path("scores/" + name + ".jsonl");
    Scoring.Summary summary =
        score(name, data, "--per_device_eval_batch_size", rows, "--scan_layers", scan);
    List<JsonNode> expected = lines(data);
    assertEquals(expected.size(), summary.records());
    assertEquals(expected.size(), scores.size());
    double worst = 0;
    long tokens = 0;
    for (int i = 0; i < expected.size(); i++) {
      Score score = scores.get(i);
      JsonNode record = expected.get(i);
      assertArrayEquals(ints(record.path("input_ids")), score.tokens(), "record " + i);
      for (int j = 0; j < score.tokens().length; j++) {
        assertEquals(record.path("weights").get(j).floatValue(), score.weights()[j]);
      }
      for (int j = 1; j < score.tokens().length; j++) {
        double difference =
            Math.abs(record.path("logprobs").get(j).doubleValue() - score.logprobs()[j]);
        worst = Math.max(worst, difference);
      }
      tokens += score.tokens().length;
    }
    assertEquals(tokens, summary.tokens());
    assertTrue(summary.positions() >= tokens);
    assertTrue(worst <= TOLERANCE, "largest difference " + worst);
    assertTrue(worst > 0, "nothing was compared");
  }

  /** Records of many lengths go packed where that costs less, and come out the same. */
  @Test
  void packedRowsGiveTheSame() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.addAll(Files.readAllLines(Fixtures.path("scores/llama.jsonl")));
    }
    Path data = Files.write(folder.resolve("many.jsonl"), lines);
    Scoring.Summary summary =
        score("llama", data, "--per_device_eval_batch_size", "4", "--max_buckets", "1");
    assertTrue(summary.packed(), "one shape for all of them is cheaper packed");
    List<JsonNode> expected = lines(data);
    assertEquals(expected.size(), scores.size());
    for (int i = 0; i < expected.size(); i++) {
      for (int j = 1; j < scores.get(i).tokens().length; j++) {
        assertEquals(
            expected.get(i).path("logprobs").get(j).doubleValue(),
            scores.get(i).logprobs()[j],
            TOLERANCE,
            "record " + i + " token " + j);
      }
    }
  }

  /** The weights are bfloat16 on the device too; only rounding differs. */
  @Test
  void bfloat16IsClose() throws IOException {
    Path data = Fixtures.path("scores/llama.jsonl");
    Scoring.Summary summary = score("llama", data, "--dtype", "bfloat16");
    long parameters =
        Fixtures.model("llama").parameters().values().stream()
            .mapToLong(weight -> weight.floats().length)
            .sum();
    assertEquals(2 * parameters, summary.weightBytes());
    List<JsonNode> expected = lines(data);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < expected.size(); i++) {
      for (int j = 1; j < scores.get(i).tokens().length; j++) {
        sum +=
            Math.abs(
                expected.get(i).path("logprobs").get(j).doubleValue()
                    - scores.get(i).logprobs()[j]);
        count++;
      }
    }
    assertTrue(sum / count < 0.1, "mean difference " + sum / count);
    assertTrue(sum / count > 1e-5, "computed in float32?");
  }

  /** The loss that a run measures is the mean of these, by their weights. */
  @Test
  void addUpToTheHeldOutLossOfARun() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    SftRun.run(
        SftRecipe.read(
                tiny.options(
                    "max_steps", "3",
                    "eval_steps", "3",
                    "eval_dataset_name", tiny.path("heldout.jsonl").toString()))
            .config(),
        _ -> {},
        new AtomicBoolean());
    double measured = tiny.figures("out", "eval_loss")[0];
    run(tiny.path("out/final"), tiny.path("heldout.jsonl"));
    double loss = 0;
    double weights = 0;
    double textLoss = 0;
    double bytes = 0;
    try (Tokenizer tokenizer = Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE)) {
      for (Score score : scores) {
        for (int i = 1; i < score.tokens().length; i++) {
          int[] token = {score.tokens()[i]};
          loss -= score.weights()[i] * score.logprobs()[i];
          weights += score.weights()[i];
          if (!tokenizer.isSpecial(token[0])) {
            textLoss -= score.weights()[i] * score.logprobs()[i];
            bytes += score.weights()[i] * tokenizer.decode(token, false).length(); // all is ASCII
          }
        }
      }
    }
    assertTrue(0 < bytes && textLoss < loss, "an answer has text, and an end that is none");
    assertEquals(
        textLoss / Math.log(2) / bytes, tiny.figures("out", "eval_bits_per_byte")[0], 1e-5);
    assertEquals(Math.exp(measured), tiny.figures("out", "eval_perplexity")[0], 1e-9);
    assertEquals(8, scores.size());
    assertEquals(measured, loss / weights, 1e-5);
  }

  /** What nothing is learned of is scored all the same, and what is cut is said. */
  @Test
  void scoresEveryRecord() throws IOException {
    Path data =
        Files.write(
            folder.resolve("all.jsonl"),
            List.of(
                "{\"input_ids\": [5, 6, 7], \"weights\": [0, 0, 0]}",
                "{\"input_ids\": [8, 9, 10, 11, 12, 13]}",
                "{\"input_ids\": [14]}"));
    score("llama", data, "--max_length", "4");
    assertEquals(List.of(3, 4, 1), scores.stream().map(score -> score.tokens().length).toList());
    assertArrayEquals(new float[] {0, 0, 0}, scores.getFirst().weights());
    assertFalse(scores.getFirst().logprobs()[1] == 0);
    assertTrue(
        notes.contains(
            "1 records are longer than 4 tokens and are scored in part; 'max_length' is the bound"),
        notes::toString);
  }

  @Test
  void namesTheFileAndTheLineOfABadRecord() throws IOException {
    Path data =
        Files.write(
            folder.resolve("bad.jsonl"),
            List.of("{\"input_ids\": [5, 6]}", "{\"input_ids\": [5, 97]}"));
    DataException e = assertThrows(DataException.class, () -> score("llama", data));
    assertTrue(String.valueOf(e.getMessage()).startsWith(data + ":2: token 97"), e::getMessage);
    Files.writeString(data, "{\"input_ids\": [5, 6]}\n\n{\"input_ids\": \"five\"}\n");
    e = assertThrows(DataException.class, () -> score("llama", data));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith(data + ":3: field \"input_ids\""), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"split", "drop"})
  void refusesLinesWithoutTheirRecords(String mode) throws IOException {
    Path data = Fixtures.path("scores/llama.jsonl");
    ConfigException e =
        assertThrows(ConfigException.class, () -> score("llama", data, "--truncation_mode", mode));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("'truncation_mode': expected 'keep_start' or 'keep_end', got '" + mode),
        e::getMessage);
  }

  @Test
  void wantsWeights() throws IOException {
    Path alone = new TinyRun(folder).model("alone", TinyRun.LLAMA);
    Path data = Fixtures.path("scores/llama.jsonl");
    DataException e = assertThrows(DataException.class, () -> run(alone, data));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("weights: expected 'model.safetensors' beside the configuration, got none"),
        e::getMessage);
  }

  private Scoring.Summary score(String name, Path data, String... more) throws IOException {
    return run(Fixtures.model(name).directory(), data, more);
  }

  private Scoring.Summary run(Path model, Path data, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model_name_or_path", model.toString(),
                "--tokenizer_name_or_path", Fixtures.path("data/tokenizer").toString(),
                "--dataset_name", data.toString(),
                "--cache_dir", TinyRun.CACHE.toString()));
    arguments.addAll(List.of(more));
    return Scoring.run(
        SftRecipe.read(arguments).config(),
        event -> {
          if (event instanceof RunEvent.Noted(String message)) {
            notes.add(message);
          }
        },
        scores::add);
  }

  private static List<JsonNode> lines(Path data) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(data)) {
      lines.add(new JsonMapper().readTree(line));
    }
    return lines;
  }

  private static int[] ints(JsonNode list) {
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).intValue();
    }
    return values;
  }
}
