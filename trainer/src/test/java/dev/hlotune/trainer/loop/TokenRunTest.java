package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that give tokenizer and model new tokens. */
final class TokenRunTest {
  private static final String GUIDE_TOKENS = "<|user|>,<|assistant|>";

  @TempDir Path folder;
  private TinyRun tiny;

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  /**
   * Runs, and gives the notes of the run but for what it says of the data, which repeats itself.
   */
  private List<String> run(String... options) throws IOException {
    List<String> notes = new ArrayList<>();
    long before = Handles.live();
    RunSummary summary =
        SftRun.run(
            SftRecipe.read(tiny.options(options)).config(),
            event -> {
              if (event instanceof RunEvent.Noted(String message)
                  && !message.startsWith("data audit: ")) {
                notes.add(message);
              }
            },
            new AtomicBoolean());
    assertEquals(before, Handles.live(), "handles left open");
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    return notes;
  }

  private float[] embedding(String output) throws IOException {
    try (ModelWeights weights = ModelWeights.open(tiny.path(output).resolve("final"))) {
      return weights.find("model.embed_tokens.weight").orElseThrow().toFloats();
    }
  }

  private int vocabulary(String output) throws IOException {
    return ((Number) config(output, "vocab_size")).intValue();
  }

  private Object config(String output, String key) throws IOException {
    return Objects.requireNonNull(
        ModelDirectory.readConfig(tiny.path(output).resolve("final")).get(key), key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void aModelLearnsTokensThatItDidNotHave(String scan) throws IOException {
    run("output_dir", tiny.path("base").toString());
    assertEquals(512, vocabulary("base"));
    String base = tiny.path("base/final").toString();
    List<String> notes =
        run(
            "model_name_or_path",
            base,
            "chat_template",
            "guide",
            "additional_special_tokens",
            GUIDE_TOKENS,
            "pad_token",
            "<|pad|>",
            "scan_layers",
            scan,
            "learning_rate",
            "0.001");
    assertEquals(
        List.of(
            "special tokens added to the tokenizer: \"<|pad|>\" 512, \"<|user|>\" 513,"
                + " \"<|assistant|>\" 514",
            "vocab_size: 512 becomes 515; each new row of the embedding and the head is the mean"
                + " of the others"),
        notes);
    Path left = tiny.path("out/final");
    assertEquals(515, vocabulary("out"));
    assertEquals(512, vocabulary("base"));
    assertEquals(512, config("out", "pad_token_id"));
    try (Tokenizer tokenizer = Tokenizer.load(left, TinyRun.CACHE)) {
      assertEquals(515, tokenizer.vocabularySize());
      assertEquals(OptionalInt.of(514), tokenizer.idOf("<|assistant|>"));
      assertEquals(514, tokenizer.ids("a<|assistant|>")[1]);
      assertTrue(tokenizer.isSpecial(514));
      assertEquals("<|pad|>", tokenizer.padToken().orElseThrow());
    }
    float[] embedding = embedding("out");
    assertEquals(515 * 16, embedding.length);
    float[] mean = new float[16];
    float[] before = embedding("base");
    for (int i = 0; i < before.length; i++) {
      mean[i % 16] += before[i] / 512;
    }
    assertTrue(distance(mean, embedding, 514) > 1e-3, "trained away from the mean");
    assertFalse(Arrays.equals(row(embedding, 513), row(embedding, 514)), "and apart");

    // A run from there finds all as it should be.
    List<String> again =
        run(
            "model_name_or_path", left.toString(),
            "tokenizer_name_or_path", left.toString(),
            "output_dir", tiny.path("again").toString(),
            "chat_template", "guide",
            "additional_special_tokens", GUIDE_TOKENS);
    assertEquals(
        List.of(
            "special tokens that the tokenizer has already: \"<|user|>\" 513, \"<|assistant|>\" 514"),
        again);
    assertEquals(515, vocabulary("again"));
    for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
      assertEquals(
          -1, Files.mismatch(left.resolve(file), tiny.path("again/final").resolve(file)), file);
    }
  }

  private static float[] row(float[] values, int row) {
    return Arrays.copyOfRange(values, row * 16, row * 16 + 16);
  }

  private static double distance(float[] mean, float[] values, int row) {
    double sum = 0;
    for (int i = 0; i < 16; i++) {
      sum += Math.pow(mean[i] - values[row * 16 + i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void newRowsStartAsTheMean() throws IOException {
    run("output_dir", tiny.path("base").toString());
    run(
        "model_name_or_path", tiny.path("base/final").toString(),
        "additional_special_tokens", "<|user|>",
        "resize_token_embeddings_multiple_of", "64",
        "max_steps", "1",
        "learning_rate", "1e-30");
    assertEquals(576, vocabulary("out"));
    float[] before = embedding("base");
    float[] after = embedding("out");
    assertEquals(576 * 16, after.length);
    assertArrayEquals(before, Arrays.copyOf(after, before.length));
    float[] mean = new float[16];
    for (int i = 0; i < 16; i++) {
      double sum = 0;
      for (int row = 0; row < 512; row++) {
        sum += before[row * 16 + i];
      }
      mean[i] = (float) (sum / 512);
    }
    for (int row = 512; row < 576; row++) {
      assertArrayEquals(mean, row(after, row), "row " + row);
    }
  }

  @Test
  void aRandomModelSimplyHasMoreTokens() throws IOException {
    List<String> notes =
        run(
            "model_name_or_path",
            tiny.model("gpt2", TinyRun.GPT2).toString(),
            "additional_special_tokens",
            "[\"<|a|>\", \"<|b|>\"]");
    assertEquals("vocab_size: 512 becomes 514", notes.getLast());
    assertEquals(514, vocabulary("out"));
    try (ModelWeights weights = ModelWeights.open(tiny.path("out/final"))) {
      assertEquals(
          List.of(514L, 16L), weights.find("transformer.wte.weight").orElseThrow().shape());
    }
  }

  @Test
  void rowsToSpareAreUsedAsTheyAre() throws IOException {
    String roomy = TinyRun.LLAMA.replace("\"vocab_size\": 512", "\"vocab_size\": 640");
    run(
        "model_name_or_path", tiny.model("roomy", roomy).toString(),
        "output_dir", tiny.path("base").toString());
    List<String> notes =
        run(
            "model_name_or_path", tiny.path("base/final").toString(),
            "additional_special_tokens", "<|user|>",
            "max_steps", "1",
            "learning_rate", "1e-30");
    assertEquals(
        "vocab_size: the model's 640 rows have room for the new tokens; theirs are used as they"
            + " are",
        notes.getLast());
    assertEquals(640, vocabulary("out"));
    assertArrayEquals(embedding("base"), embedding("out"));
  }

  @Test
  void aTokenizerThatGrewBeforeTheRunGetsItsRowsWhenAsked() throws IOException {
    run("output_dir", tiny.path("base").toString());
    run("output_dir", tiny.path("grown").toString(), "additional_special_tokens", GUIDE_TOKENS);
    String[] options = {
      "model_name_or_path",
      tiny.path("base/final").toString(),
      "tokenizer_name_or_path",
      tiny.path("grown/final/tokenizer.json").toString(),
      "chat_template",
      "guide",
      "resize_token_embeddings_multiple_of",
      "1"
    };
    DataException refused = assertThrows(DataException.class, () -> run(Arrays.copyOf(options, 6)));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("below the model's vocabulary of 512"),
        refused.getMessage());
    run(options);
    assertEquals(514, vocabulary("out"));
  }

  @Test
  void whatTheTemplateSpellsAndTheTokenizerLacksIsSaid() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE)) {
      assertEquals(
          List.of(
              "the template's \"<|assistant|>\" and \"<|user|>\" are not tokens of this tokenizer and are encoded as %d and %d tokens; add them with additional_special_tokens"
                  .formatted(
                      tokenizer.ids("<|assistant|>").length, tokenizer.ids("<|user|>").length)),
          run("chat_template", "guide"));
      assertEquals(
          List.of(
              "special tokens added to the tokenizer: \"<|user|>\" 512",
              "vocab_size: 512 becomes 513",
              "the template's \"<|assistant|>\" is not a token of this tokenizer and is encoded as "
                  + tokenizer.ids("<|assistant|>").length
                  + " tokens; add it with additional_special_tokens"),
          run(
              "output_dir", tiny.path("one").toString(),
              "chat_template", "guide",
              "additional_special_tokens", "<|user|>"));
    }
    // What no record needs is not missed.
    tiny.data(
        "text.jsonl", List.of("{\"text\": \"a <|system|> b\"}", "{\"text\": \"a longer text\"}"));
    assertEquals(
        List.of(),
        run(
            "output_dir", tiny.path("text").toString(),
            "chat_template", "chatml",
            "dataset_name", tiny.path("text.jsonl").toString()));
    assertEquals(List.of(), run("output_dir", tiny.path("chatml").toString()));
  }

  @Test
  void aSlipOfThePenIsSaidWithTheNearestToken() throws IOException {
    assertEquals(
        List.of(
            "special tokens added to the tokenizer: \"<|im_edn|>\" 512",
            "tokens of the vocabulary made special: \"And\" 511",
            "eos_token: \"<|im_edn|>\" was not a token of this tokenizer; the nearest that was is"
                + " \"<|im_end|>\"",
            "vocab_size: 512 becomes 513"),
        run("eos_token", "<|im_edn|>", "additional_special_tokens", "And"));
    assertEquals(List.of(2, 512), config("out", "eos_token_id"));
  }
}
