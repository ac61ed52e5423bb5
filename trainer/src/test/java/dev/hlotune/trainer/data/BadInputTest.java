package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about data that cannot be used. */
class BadInputTest {
  private static Tokenizer tokenizer;
  @TempDir private Path folder;

  @BeforeAll
  static void load() {
    tokenizer = TestData.smallTokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private PreparedData open(DataOptions options, int vocabulary) {
    return PreparedData.open(
        options, tokenizer, vocabulary, folder.resolve("cache"), 2, Progress.NONE);
  }

  private DataException refused(Path file) {
    DataOptions options = DataOptions.of(List.of(file), ChatTemplate.named("chatml"), 64);
    return assertThrows(DataException.class, () -> open(options, 512).close());
  }

  private static final String COLUMNS =
      "expected the columns \"messages\", \"conversations\", \"prompt\" and \"completion\","
          + " \"chosen\", \"instruction\" and \"response\" or \"output\", \"question\" and"
          + " \"answer\" or \"choices\", \"input_ids\", or \"text\", got ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"text": 3}                    | field "text": expected a string, got number
          {"text": null}                 | field "text": expected a string, got null
          [1, 2]                         | expected a JSON object, got array
          {"prompt": "a", "completion": {}}  | field "completion": expected a string, got object
          {"question": "a", "answer": []}    | field "answer": expected a string, got array
          {"instruction": "a", "input": 1, "output": "b"} | field "input": expected a string, got number
          {"messages": "hi"}             | field "messages": expected a list of messages, got string
          {"messages": []}               | field "messages": expected at least one message, got none
          {"messages": ["hi"]}           | field "messages[0]": expected a message with "role" and "content", got string
          {"messages": [{"role": "user"}]} | field "messages[0].content": expected a string, got nothing
          {"messages": [{"content": "a"}]} | field "messages[0].role": expected a string, got nothing
          {"messages": [{"role": "user", "content": "a"}, {"role": "robot", "content": "b"}]} | field "messages[1].role": expected "system", "user", "assistant" or "tool", got "robot"
          {"messages": [{"role": "user", "content": [1]}]} | field "messages[0].content[0]": expected a part with its "type", got 1
          {"messages": [{"role": "user", "content": 1}]} | field "messages[0].content": expected a string, got number
          {"messages": [{"role": "assistant", "content": "a", "weight": "x"}]} | field "messages[0].weight": expected a finite number, got "x"
          {"messages": [{"role": "assistant", "content": "a", "train": 1}]} | field "messages[0].train": expected true or false, got 1
          {"text": "\\ud800 alone"}      | field "text": expected text, got half of a surrogate pair (\\ud800)
          """)
  void aBadRecordIsNamedByFileLineAndField(String record, String message) throws IOException {
    Path file = TestData.lines(folder, "bad.jsonl", "{\"text\": \"fine\"}", "", record);
    DataException refused = refused(file);
    assertEquals(file + ":3: " + message, refused.getMessage());
    assertEquals(file, refused.path());
    assertEquals(3, refused.line());
  }

  @Test
  void brokenJsonIsNamedByLine() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", "{\"text\": \"fine\"}", "{\"text\": \"fi");
    String message = String.valueOf(refused(file).getMessage());
    assertTrue(message.startsWith(file + ":2: broken JSON: Unexpected end-of-input"), message);
    Path twice = TestData.lines(folder, "b.jsonl", "{\"text\": \"a\"} {\"text\": \"b\"}");
    message = String.valueOf(refused(twice).getMessage());
    assertTrue(message.startsWith(twice + ":1: broken JSON: Trailing token"), message);
    Path bytes = folder.resolve("c.jsonl");
    Files.write(bytes, "{\"text\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    message = String.valueOf(refused(bytes).getMessage());
    assertTrue(message.startsWith(bytes + ":1: "), message);
    assertTrue(message.contains("UTF-8"), message);
  }

  @Test
  void unknownColumnsAreListedWithTheKnownOnes() throws IOException {
    String hint =
        "; name a column of plain text with dataset_text_field, or the columns with dataset_columns";
    Path file = TestData.lines(folder, "a.jsonl", "{\"body\": \"a\", \"title\": \"b\"}");
    assertEquals(
        file + ":1: " + COLUMNS + "\"body\", \"title\"" + hint, refused(file).getMessage());
    Path empty = TestData.lines(folder, "b.jsonl", "{}");
    assertEquals(empty + ":1: " + COLUMNS + "none" + hint, refused(empty).getMessage());
    DataOptions options =
        new DataOptions(
            new DataSource("a", List.of(file), RecordColumns.text("text"), Optional.empty()),
            ChatTemplate.named("chatml"),
            Supervision.DEFAULT,
            64,
            Truncation.DROP,
            OnBadRecord.ERROR);
    assertEquals(
        file
            + ":1: field \"text\": expected this column (dataset_text_field), got \"body\","
            + " \"title\"",
        assertThrows(DataException.class, () -> open(options, 512).close()).getMessage());
  }

  @Test
  void filesThatAreNoneAreNamed() throws IOException {
    Path missing = folder.resolve("missing.jsonl");
    assertEquals(missing + ": expected a file, got no such file", refused(missing).getMessage());
    assertEquals(folder + ": expected a file, got a folder", refused(folder).getMessage());
    Path empty = Files.createFile(folder.resolve("empty.jsonl"));
    assertEquals(
        empty + ": expected one JSON object a line, got an empty file",
        refused(empty).getMessage());
    Path blank = TestData.lines(folder, "blank.jsonl", "", "  ", "");
    assertEquals(
        blank + ": expected one JSON object a line, got only blank lines",
        refused(blank).getMessage());
  }

  @Test
  void aBrokenGzipFileIsNamed() throws IOException {
    Path plain = TestData.lines(folder, "plain.jsonl.gz", "{\"text\": \"a\"}");
    assertEquals(
        plain + ": expected a whole gzip file, got a broken one: Not in GZIP format",
        refused(plain).getMessage());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"text\": \"abcdefghijklmnop\"}\n".repeat(50).getBytes(StandardCharsets.UTF_8));
    }
    Path cut = folder.resolve("cut.jsonl.gz");
    Files.write(cut, Arrays.copyOf(packed.toByteArray(), packed.size() - 12));
    String message = String.valueOf(refused(cut).getMessage());
    assertTrue(message.startsWith(cut + ": expected a whole gzip file, got a broken one"), message);
  }

  @Test
  void whatIsLeftOutIsCountedByReason() throws IOException {
    Path file =
        TestData.lines(
            folder,
            "mixed.jsonl",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"alone\"}]}",
            "{\"prompt\": \"" + "long ".repeat(80) + "\", \"completion\": \"gone\"}",
            "{\"text\": \"" + "cut ".repeat(80) + "\"}",
            "{\"text\": false}",
            "{\"question\": \"1 + 1?\", \"answer\": \"2\"}");
    DataOptions skip =
        new DataOptions(
            DataSource.of(List.of(file)),
            ChatTemplate.named("chatml"),
            Supervision.DEFAULT,
            64,
            Truncation.KEEP_START,
            OnBadRecord.SKIP);
    try (PreparedData data = open(skip, 512)) {
      PreparationStatistics statistics = data.statistics();
      assertEquals(5, statistics.records());
      assertEquals(2, statistics.examples());
      assertEquals(1, statistics.truncated());
      assertTrue(statistics.truncatedTokens() > 10);
      assertEquals(
          Map.of(
              DropReason.NO_ASSISTANT_TURN, 1L, DropReason.CUT_AWAY, 1L, DropReason.BAD_RECORD, 1L),
          statistics.dropped());
      assertEquals(
          List.of(
              file + ":1: no assistant turn",
              file + ":2: no supervised token left after truncation",
              file + ":4: field \"text\": expected a string, got boolean"),
          statistics.reports());
      assertEquals(64, data.length(0));
      assertEquals(new Origin(file, 5), data.origin(1));
    }
    DataOptions drop =
        new DataOptions(
            DataSource.of(List.of(file)),
            ChatTemplate.named("chatml"),
            Supervision.DEFAULT,
            64,
            Truncation.DROP,
            OnBadRecord.SKIP);
    try (PreparedData data = open(drop, 512)) {
      assertEquals(1, data.size());
      assertEquals(2, data.statistics().dropped().get(DropReason.TOO_LONG));
    }
  }

  @Test
  void nothingLeftIsAnError() throws IOException {
    String alone = "{\"messages\": [{\"role\": \"user\", \"content\": \"alone\"}]}";
    Path file = TestData.lines(folder, "alone.jsonl", alone, alone);
    assertEquals(
        file
            + ": expected at least one example, got none of 2 records (2 no assistant turn); the"
            + " first: "
            + file
            + ":1: no assistant turn",
        refused(file).getMessage());
  }

  @Test
  void tokensBeyondTheModelAreNamedWithTheirRecord() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", "{\"text\": \"a\"}", "{\"text\": \"The Paris\"}");
    DataOptions options = DataOptions.of(List.of(file), ChatTemplate.named("chatml"), 64);
    // The vocabulary's single characters come first, what was merged later last.
    String fresh =
        String.valueOf(
            assertThrows(DataException.class, () -> open(options, 262).close()).getMessage());
    assertTrue(
        fresh.matches(
            "\\Q"
                + file
                + "\\E:2: token \\d+ \".+\": expected ids below the model's vocabulary of 262; use"
                + " the tokenizer that the model was made with"),
        fresh);
    open(options, 512).close();
    // The same from the cache.
    assertEquals(
        fresh, assertThrows(DataException.class, () -> open(options, 262).close()).getMessage());
  }

  @Test
  void aTokenizerWithoutEndTokenCannotEndATextButCanChat() throws IOException {
    Path bare = Files.createDirectories(folder.resolve("bare"));
    Files.copy(tokenizer.directory().resolve("tokenizer.json"), bare.resolve("tokenizer.json"));
    Path file = TestData.lines(folder, "a.jsonl", "{\"text\": \"a\"}");
    Path chat = TestData.lines(folder, "b.jsonl", "{\"question\": \"a\", \"answer\": \"b\"}");
    try (Tokenizer other = Tokenizer.load(bare, TestData.CACHE)) {
      DataOptions options = DataOptions.of(List.of(file), ChatTemplate.named("chatml"), 64);
      Path cache = folder.resolve("cache");
      DataException refused =
          assertThrows(
              DataException.class,
              () -> PreparedData.open(options, other, 512, cache, 1, Progress.NONE).close());
      assertEquals(
          file
              + ":1: expected a tokenizer with an end-of-text token, got none; set \"eos_token\" in"
              + " its tokenizer_config.json",
          refused.getMessage());
      DataOptions chats = DataOptions.of(List.of(chat), ChatTemplate.named("chatml"), 64);
      try (PreparedData data = PreparedData.open(chats, other, 512, cache, 1, Progress.NONE)) {
        assertEquals(1, data.size());
      }
    }
  }

  @Test
  void missingAndBrokenTokenizersAreNamed() throws IOException {
    Path none = folder.resolve("none");
    assertEquals(
        none.resolve("tokenizer.json")
            + ": expected a Hugging Face tokenizer, got no such file; name a folder that has it",
        assertThrows(DataException.class, () -> Tokenizer.load(none, TestData.CACHE).close())
            .getMessage());
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(broken.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {}}}");
    String message =
        String.valueOf(
            assertThrows(DataException.class, () -> Tokenizer.load(broken, TestData.CACHE).close())
                .getMessage());
    assertTrue(message.contains("expected a tokenizer that can be loaded, got: "), message);
  }

  @Test
  void unknownTemplatesAndOptionsAreRefused() {
    assertEquals(
        "chat template: expected one of [\"chatml\", \"guide\", \"nanochat\", \"llama-3\", \"zephyr\", \"mistral\", \"gemma\", \"qwen\"], got \"chatlm\"",
        assertThrows(DataException.class, () -> ChatTemplate.named("chatlm")).getMessage());
    assertEquals(
        "max_length: expected at least 2, got 1",
        assertThrows(
                DataException.class,
                () -> DataOptions.of(List.of(folder), ChatTemplate.named("chatml"), 1))
            .getMessage());
    assertEquals(
        "data: expected at least one file, got none",
        assertThrows(
                DataException.class,
                () -> DataOptions.of(List.of(), ChatTemplate.named("chatml"), 64))
            .getMessage());
  }
}
