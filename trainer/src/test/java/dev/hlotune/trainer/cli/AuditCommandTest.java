package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.Shared;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code data audit} says of a few records, and that ordinary data passes. */
final class AuditCommandTest {
  @TempDir Path folder;
  private Captured captured = Captured.plain();

  private int run(Captured console, List<String> arguments) {
    captured = console;
    CommandLine line = DataCommand.line(console.console());
    ErrorReport report = new ErrorReport(console.console());
    line.setExecutionExceptionHandler((error, failed, parsed) -> report.failure(error, false));
    List<String> all = new ArrayList<>(List.of("audit", "--cache_dir", TinyRun.CACHE.toString()));
    all.addAll(arguments);
    return line.execute(all.toArray(String[]::new));
  }

  private int audit(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--dataset_name",
                folder.resolve("train.jsonl").toString(),
                "--chat_template",
                "chatml",
                "--max_length",
                "32",
                "--per_device_train_batch_size",
                "2"));
    arguments.addAll(List.of(more));
    return run(Captured.plain(), arguments);
  }

  private void data(String name, String... records) throws IOException {
    new TinyRun(folder).data(name, List.of(records));
  }

  private String out() {
    return captured.out().replace(folder.toString(), "~");
  }

  private void mixed() throws IOException {
    data(
        "train.jsonl",
        "{\"prompt\": \"2+2=\", \"completion\": \"4\"}",
        "{\"prompt\": \"1+2=\", \"completion\": \"3\"}",
        "{\"prompt\": \"1+2=\", \"completion\": \"\"}",
        "{\"prompt\": \"2+2=\", \"completion\": \"4\"}",
        "{\"prompt\": \"%s\", \"completion\": \"x\"}".formatted("long ".repeat(20)),
        "{\"messages\": [{\"role\": \"wizard\", \"content\": \"a\"}]}",
        "{\"prompt\": \"a\", \"completion\": \"%s\"}".formatted("1".repeat(40)),
        "{\"text\": \"plain\"}");
    data("held.jsonl", "{\"prompt\": \"1+2=\", \"completion\": \"3\"}");
  }

  @Test
  void aReportIsReadAtAGlance() throws IOException {
    mixed();
    String held = folder.resolve("held.jsonl").toString();
    assertEquals(3, audit("--eval_dataset_name", held, "--max_buckets", "1"));
    assertEquals(
        """
        training data  6 examples, 59 tokens, 69.5 % of them supervised
          train.jsonl  8 records (6 completion, 1 text), 6 examples, 59 tokens, 69.5 %
                       supervised
            left out   1 bad record
                       1: field "messages[0].role": expected "system", "user",
                       "assistant" or "tool", got "wizard" (train.jsonl:6)
            left out   1 no supervised token left after truncation (train.jsonl:5)
            cut        1 to max_length, 10 tokens (train.jsonl:7)
        held-out data  1 example, 6 tokens, 33.3 % of them supervised
          held.jsonl   1 record (completion), 1 example, 6 tokens, 33.3 % supervised
        end token      trained: yes (100 %); <|endoftext|> after 5 of 5 answers; 1 more
                       cut before their end
        lengths        min 4, mean 9.8, 50 % 6, 90 % 32, 95 % 32, 99 % 32, max 32 tokens
                        3 -  4  1  ██████████
                        5 -  6  4  ████████████████████████████████████████
                        7 -  8  0
                        9 - 10  0
                       11 - 12  0
                       13 - 14  0
                       15 - 16  0
                       17 - 18  0
                       19 - 20  0
                       21 - 22  0
                       23 - 24  0
                       25 - 26  0
                       27 - 28  0
                       29 - 30  0
                       31 - 32  1  ██████████
        batches        as the recipe has it, one example a row: 2x32; padding 69.3 %, 3
                       updates an epoch
                       'max_buckets' allows no more
                       otherwise, packed: 2x32; padding 7.8 %, 1 update an epoch

        error    emptied_by_truncation  1 of 8 records (12.5 %), train.jsonl
                 all that would be learned of them lies beyond max_length, so they are
                 left out; raise max_length, shorten the prompts, or keep the end
                 instead of the start
                 train.jsonl:5

        error    bad_records  1 of 8 records (12.5 %), train.jsonl
                 field "messages[0].role": expected "system", "user", "assistant" or
                 "tool", got "wizard" (1): they cannot be read; mend them, or leave them
                 out with on_bad_record skip
                 train.jsonl:6

        warning  truncated  1 of 6 examples (16.7 %), train.jsonl
                 10 tokens are cut off: they are cut to max_length, and what lies beyond
                 is not learned; raise max_length
                 train.jsonl:7

        warning  duplicates  1 of 6 examples (16.7 %)
                 they repeat an earlier example token for token; remove them, unless
                 they are meant to count more
                 train.jsonl:4 = train.jsonl:1

        warning  held_out_leak  1 of 1 held-out examples (100 %)
                 they are trained on as well, token for token: the held-out loss looks
                 better than it is; remove them from one of the two
                 held.jsonl:1 = train.jsonl:2

        warning  empty_answers  1 of 5 answers (20 %), train.jsonl
                 they are empty: the model learns to stop before it has said anything;
                 see that the column of the answers is filled
                 train.jsonl:3

        failed: 2 errors, 4 warnings, 0 notes
        """,
        out());
    assertEquals("", captured.err());
  }

  @Test
  void levelsAreColouredOnATerminal() throws IOException {
    mixed();
    List<String> arguments =
        List.of(
            "--model_name_or_path",
            Fixtures.path("data/tokenizer").toString(),
            "--dataset_name",
            folder.resolve("train.jsonl").toString(),
            "--chat_template",
            "chatml",
            "--max_length",
            "32");
    assertEquals(3, run(Captured.coloured(), arguments));
    assertTrue(
        out().contains("\n\033[1;31merror\033[0m    \033[1mbad_records\033[0m  1 of 8 "), out());
    assertTrue(out().endsWith("\033[1;31mfailed\033[0m: 2 errors, 3 warnings, 0 notes\n"), out());
  }

  @Test
  void asJsonBesideTheTextOrInsteadOfIt() throws IOException {
    mixed();
    Path file = folder.resolve("report.json");
    assertEquals(3, audit("--json", file.toString()));
    assertTrue(out().startsWith("training data  6 examples"), out());
    String text = Files.readString(file);
    assertEquals(3, audit("--json", "-"));
    assertEquals(text, captured.out());
    JsonNode report = new JsonMapper().readTree(text);
    assertEquals(1, report.path("version").asInt());
    assertEquals("false", report.path("passed").toString());
    assertEquals(2, report.path("errors").asInt());
    JsonNode worst = report.path("findings").path(0);
    assertEquals("emptied_by_truncation", worst.path("code").asText());
    assertEquals(0.125, worst.path("share").asDouble());
    assertEquals(
        folder.resolve("train.jsonl") + ":5", worst.path("places").path(0).path("at").asText());
    assertEquals(
        "{\"conversation\":0,\"completion\":6,\"text\":1,\"tokens\":0}",
        report.path("train").path("sources").path(0).path("read_as").toString());
    assertTrue(report.path("held_out").isNull());
  }

  /** A run would end at the first bad record; an audit goes on, and says that it is an error. */
  @Test
  void everyBadRecordIsCountedByWhatIsWrong() throws IOException {
    String good = "{\"prompt\": \"%d+2=\", \"completion\": \"4\"}";
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      lines.add(good.formatted(i));
    }
    lines.set(3, "{\"prompt\": 7, \"completion\": \"4\"}");
    lines.set(5, "{\"broken");
    lines.set(9, "{\"prompt\": 7, \"completion\": \"4\"}");
    data("train.jsonl", lines.toArray(String[]::new));
    assertEquals(3, audit());
    String report = out().replaceAll("\\s+", " ");
    assertTrue(report.contains("left out 3 bad record 2: field \"prompt\": "), report);
    assertTrue(report.contains("(train.jsonl:4, train.jsonl:10) 1: broken JSON: "), report);
    assertTrue(report.contains("error bad_records 3 of 30 records (10 %), train.jsonl"), report);
    lines.set(9, good.formatted(9));
    data("train.jsonl", lines.toArray(String[]::new));
    assertEquals(0, audit("--on_bad_record", "skip"));
    assertTrue(out().contains("warning  bad_records  2 of 30 records (6.7 %)"), out());
  }

  @Test
  void idsBeyondTheModelAreCounted() throws IOException {
    Path model =
        new TinyRun(folder)
            .model("small", TinyRun.LLAMA.replace("\"vocab_size\": 512", "\"vocab_size\": 99"));
    data("train.jsonl", "{\"text\": \"a\"}", "{\"input_ids\": [1, 98, 99]}");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model_name_or_path",
                model.toString(),
                "--tokenizer_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--dataset_name",
                folder.resolve("train.jsonl").toString(),
                "--chat_template",
                "chatml",
                "--max_length",
                "32"));
    assertEquals(3, run(Captured.plain(), arguments));
    assertTrue(out().contains("error    beyond_vocabulary  1 of 2 examples (50 %)"), out());
  }

  private void passes(String... arguments) {
    assertEquals(0, run(Captured.plain(), List.of(arguments)), () -> out() + captured.err());
    assertTrue(out().contains("passed: 0 errors, "), out());
    assertTrue(out().contains("trained: yes (100 %)"), out());
  }

  @Test
  void theQuickstartPasses() {
    Path quickstart = Repository.root().resolve("configs/quickstart");
    passes(
        "--model_name_or_path",
        quickstart.resolve("model").toString(),
        "--tokenizer_name_or_path",
        quickstart.resolve("tokenizer").toString(),
        "--dataset_name",
        quickstart.resolve("train.jsonl").toString(),
        "--eval_dataset_name",
        quickstart.resolve("heldout.jsonl").toString(),
        "--max_length",
        "128",
        "--packing");
    assertTrue(out().endsWith("\npassed: 0 errors, 0 warnings, 1 note\n"), out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"t0", "gsm8k"})
  void ordinaryDataPasses(String name) {
    Path data = Shared.path("data/" + name);
    passes(
        Repository.root().resolve("configs/" + name + "-gpt2.yaml").toString(),
        "--model_name_or_path",
        Repository.root().resolve("configs/gpt2-6x256").toString(),
        "--tokenizer_name_or_path",
        Shared.path("tokenizers/gpt2").toString(),
        "--dataset_name",
        data.resolve("test.jsonl").toString(),
        "--eval_strategy",
        "no");
  }
}
