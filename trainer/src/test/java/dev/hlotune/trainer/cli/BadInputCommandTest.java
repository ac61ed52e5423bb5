package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.models.Families;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.SftRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a person reads who gives a run what it cannot use: one line, and a code to the shell. */
final class BadInputCommandTest {
  private static final String GOOD =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"yes\"}]}";

  @TempDir Path folder;
  private TinyRun tiny;
  private Captured captured = Captured.plain();

  @BeforeEach
  void files() throws IOException {
    tiny = new TinyRun(folder);
    tiny.options();
  }

  private int sft(String... options) throws IOException {
    captured = Captured.plain();
    Console console = captured.console();
    CommandLine line =
        SftCommand.line(console, SftRun::run, () -> new StopSignal(console, code -> {}));
    ErrorReport report = new ErrorReport(console);
    line.setExecutionExceptionHandler((error, failed, parsed) -> report.failure(error, false));
    return line.execute(tiny.options(options).toArray(String[]::new));
  }

  /** The command fails with that code and this one line, in which {@code ~} is the folder. */
  private void fails(ExitCode code, String message, String... options) throws IOException {
    int got = sft(options);
    assertEquals("hlotune: " + message + "\n", captured.err().replace(folder.toString(), "~"));
    assertEquals(code.number(), got);
    assertFalse(Files.exists(tiny.path("out")), "nothing is begun");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages": [{"role":  | ~/bad.jsonl:2: broken JSON: Unexpected end-of-input within/between Object entries
          {"foo": 1}              | ~/bad.jsonl:2: expected the columns "messages", "conversations", "prompt" and "completion", "chosen", "instruction" and "response" or "output", "question" and "answer" or "choices", "input_ids", or "text", got "foo"; name a column of plain text with dataset_text_field, or the columns with dataset_columns
          {"messages": [{"role": "wizard", "content": "a"}]} | ~/bad.jsonl:2: field "messages[0].role": expected "system", "user", "assistant" or "tool", got "wizard"
          """)
  void aBadRecordIsToldWithFileAndLine(String line, String message) throws IOException {
    String file = tiny.data("bad.jsonl", List.of(GOOD, line)).toString();
    fails(ExitCode.DATA, message, "dataset_name", file);
  }

  @Test
  void aBadRecordIsLeftOutWhereThatIsAsked() throws IOException {
    TestClient.get();
    String file = tiny.data("bad.jsonl", List.of(GOOD, "{\"messages\":")).toString();
    assertEquals(
        0,
        sft("dataset_name", file, "on_bad_record", "skip", "data_audit", "warn", "max_steps", "1"));
    assertTrue(captured.err().startsWith(file + ":2: broken JSON"), captured.err());
    assertTrue(captured.out().contains("\nleft out    1 bad record\n"), captured.out());
  }

  @Test
  void anEmptyOrMissingFile() throws IOException {
    Files.createFile(tiny.path("empty.jsonl"));
    fails(
        ExitCode.DATA,
        "~/empty.jsonl: expected one JSON object a line, got an empty file",
        "dataset_name",
        tiny.path("empty.jsonl").toString());
    fails(
        ExitCode.USAGE,
        "--eval_dataset_name: 'eval_dataset_name': expected a file or directory that exists, or a"
            + " repository of the hub ('owner/name'), got '~/none.jsonl', which is not there",
        "eval_dataset_name",
        tiny.path("none.jsonl").toString());
  }

  @Test
  void conversationsWithNothingToLearn() throws IOException {
    String alone = "{\"messages\": [{\"role\": \"user\", \"content\": \"alone\"}]}";
    String question = "{\"question\": \"%s\", \"answer\": \"b\"}".formatted("long ".repeat(99));
    String none = tiny.data("none.jsonl", List.of(alone, question)).toString();
    assertEquals(3, sft("dataset_name", none));
    assertTrue(
        captured
            .err()
            .endsWith(
                ": expected at least one example, got none of 2 records (1 no assistant turn, 1 no"
                    + " supervised token left after truncation); the first: "
                    + none
                    + ":1: no assistant turn\n"),
        captured.err());
    TestClient.get();
    String some = tiny.data("some.jsonl", List.of(alone, question, GOOD)).toString();
    assertEquals(0, sft("dataset_name", some, "data_audit", "warn", "max_steps", "1"));
    assertTrue(
        captured
            .err()
            .startsWith(
                some
                    + ":1: no assistant turn\n"
                    + some
                    + ":2: no supervised token left after truncation\n"),
        captured.err());
    assertTrue(
        captured
            .out()
            .contains(
                "\nleft out    1 no assistant turn, 1 no supervised token left after truncation\n"),
        captured.out());
  }

  @Test
  void tooLongIsCutOrDroppedAsAskedAndCounted() throws IOException {
    TestClient.get();
    String answer = "{\"question\": \"a\", \"answer\": \"%s\"}".formatted("long ".repeat(99));
    String file = tiny.data("long.jsonl", List.of(GOOD, answer)).toString();
    assertEquals(0, sft("dataset_name", file, "max_steps", "1"));
    assertTrue(captured.out().contains("\ncut         1 to max_length\n"), captured.out());
    assertFalse(captured.out().contains("left out"), captured.out());
    String[] drop = {
      "dataset_name",
      file,
      "max_steps",
      "1",
      "truncation_mode",
      "drop",
      "output_dir",
      tiny.path("second").toString()
    };
    assertEquals(0, sft(drop));
    assertTrue(captured.out().contains("\nleft out    1 longer than max_length\n"), captured.out());
    assertTrue(captured.out().contains("\ndata        1 example, "), captured.out());
  }

  @Test
  void tokensBeyondTheVocabulary() throws IOException {
    String model =
        tiny.model("small", TinyRun.LLAMA.replace("\"vocab_size\": 512", "\"vocab_size\": 99"))
            .toString();
    assertEquals(3, sft("model_name_or_path", model));
    assertTrue(
        captured
            .err()
            .matches(
                "hlotune: .*/train.jsonl:1: token \\d+ \".+\": expected ids below the model's"
                    + " vocabulary of 99; use the tokenizer that the model was made with\n"),
        captured.err());
  }

  @Test
  void modelsThatCannotBe() throws IOException {
    fails(
        ExitCode.DATA,
        "~/heads/config.json: model config: expected \"num_attention_heads\" to divide"
            + " \"hidden_size\", got 5 and 16",
        "model_name_or_path",
        tiny.model(
                "heads",
                TinyRun.LLAMA.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 5"))
            .toString());
    fails(
        ExitCode.DATA,
        "~/bert/config.json: model config key \"model_type\": expected one of "
            + Families.names()
            + ", got \"bert\"",
        "model_name_or_path",
        tiny.model("bert", "{\"model_type\": \"bert\"}").toString());
    fails(
        ExitCode.DATA,
        "~/bare/config.json: model: expected a folder with 'config.json', or that file, got none",
        "model_name_or_path",
        Files.createDirectories(tiny.path("bare")).toString());
    fails(
        ExitCode.USAGE,
        "'max_length': expected at most the model's 64 positions, got 100",
        "max_length",
        "100");
  }

  @Test
  void aTokenizerThatIsNotThere() throws IOException {
    fails(
        ExitCode.DATA,
        "~/llama/tokenizer.json: expected a Hugging Face tokenizer, got no such file; name a"
            + " folder that has it",
        "tokenizer_name_or_path",
        tiny.path("llama").toString());
  }

  @Test
  void aPluginThatIsNone() throws IOException {
    List<String> files =
        List.of(tiny.path("train.jsonl").toString(), Fixtures.path("schedules.json").toString());
    for (String file : files) {
      assertEquals(4, sft("plugin", file));
      assertEquals(
          "hlotune: dlopen: expected a PJRT plugin at '"
              + file
              + "', got: a file that is no shared library (FAILED_PRECONDITION)\n",
          captured.err());
    }
  }

  @Test
  void aLossThatIsNoNumberHasItsOwnCode() throws IOException {
    TestClient.get();
    assertEquals(6, sft("learning_rate", "1e30", "logging_steps", "1"));
    assertTrue(
        captured.err().matches("(?s).*step \\d: expected a finite loss and gradient, got .*\n"),
        captured.err());
    List<String> lines = new ArrayList<>(captured.out().lines().toList());
    assertTrue(lines.removeLast().startsWith("no model was saved; "), captured.out());
    assertTrue(lines.removeLast().startsWith("diverged after "), captured.out());
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    Path file = tiny.path("train.jsonl");
    fails(
        ExitCode.FILES,
        "'output_dir': expected a directory that can be made and written to, got '~/train.jsonl/x'"
            + " (cannot write to '~/train.jsonl')",
        "output_dir",
        file.resolve("x").toString());
  }
}
