package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code generate}, {@code chat} and {@code compare}, on what transformers recorded of a model. */
final class GenerateCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private final Captured captured = Captured.plain();

  @BeforeEach
  void needsADevice() {
    TestClient.get();
  }

  @Test
  void answersAFileOfPromptsAsTransformersDoes() throws IOException {
    List<JsonNode> recorded = recorded();
    List<String> lines = new ArrayList<>();
    for (JsonNode asked : recorded) {
      lines.add(
          JSON.writeValueAsString(JSON.createObjectNode().set("prompt", asked.get("prompt"))));
    }
    Path prompts = Files.write(folder.resolve("prompts.jsonl"), lines);
    Path output = folder.resolve("new/answers.jsonl");
    assertEquals(
        0,
        run("generate", "--prompts", prompts.toString(), "--output", output.toString()),
        captured::err);
    assertEquals("", captured.out());
    List<String> got = Files.readAllLines(output);
    assertEquals(recorded.size(), got.size());
    for (int i = 0; i < got.size(); i++) {
      JsonNode line = JSON.readTree(got.get(i));
      JsonNode wanted = recorded.get(i);
      assertEquals(wanted.get("prompt"), line.get("prompt"));
      assertEquals(wanted.get("answer"), line.get("tokens"));
      assertEquals(wanted.get("input_ids").size(), line.get("prompt_tokens").intValue());
      boolean ended = wanted.get("answer").size() < 32;
      assertEquals(ended ? "eos" : "length", line.get("finish_reason").textValue());
      // The token that ends an answer is no text here.
      String text = wanted.get("text").textValue();
      assertEquals(
          ended ? text.substring(0, text.length() - 1) : text, line.get("text").textValue());
    }
  }

  @Test
  void printsOneAnswerAsItIsWritten() throws IOException {
    JsonNode asked = recorded().get(2);
    String text = asked.get("text").textValue();
    assertEquals(0, run("generate", "--messages", "--prompt", "How are you?"), captured::err);
    assertEquals(text.substring(0, text.length() - 1) + "\n", captured.out());
    assertTrue(captured.err().contains("12 tokens, eos"), captured::err);
  }

  @Test
  void printsSeveralAnswersNumberedAndStopsAtAString() {
    assertEquals(
        0,
        run(
            "generate",
            "--messages",
            "--prompt",
            "How are you?",
            "--num_return_sequences",
            "2",
            "--stop",
            "sages end"),
        captured::err);
    assertEquals("[1]  mes\n[2]  mes\n", captured.out());
  }

  @Test
  void drawsBySeed() {
    List<String> drawn = new ArrayList<>();
    for (String seed : List.of("1", "1", "2")) {
      Captured own = Captured.plain();
      assertEquals(
          0,
          Main.run(
              own.console(),
              arguments(
                  List.of("generate", model()),
                  "--prompt",
                  "Once",
                  "--temperature",
                  "2",
                  "--top_p=0.9",
                  "--json",
                  "--seed",
                  seed)),
          own::err);
      drawn.add(own.out());
    }
    assertEquals(drawn.get(0), drawn.get(1));
    assertFalse(drawn.get(0).equals(drawn.get(2)));
  }

  @Test
  void comparesTwoModels() throws IOException {
    assertEquals(
        0,
        Main.run(
            captured.console(),
            arguments(
                List.of("compare", model(), model()), "--messages", "--prompt", "How are you?")),
        captured::err);
    List<String> lines = captured.out().lines().toList();
    assertEquals("[1] How are you? (the same)", lines.getFirst());
    assertTrue(lines.get(3).matches(" messages .* \\|  messages .*"), captured::out);
    Captured json = Captured.plain();
    assertEquals(
        0,
        Main.run(
            json.console(),
            arguments(
                List.of("compare", model(), model()),
                "--messages",
                "--prompt",
                "How are you?",
                "--json")),
        json::err);
    JsonNode line = JSON.readTree(json.out());
    assertEquals(recorded().get(2).get("answer"), line.get("a").get("tokens"));
    assertEquals(line.get("a"), line.get("b"));
  }

  @Test
  void chats() throws IOException {
    String first = recorded().get(2).get("text").textValue();
    String said =
        """

        How are you?
        /help
        /nothing
        /reset
        How are you?
        /system Be brief.
        %s
        How are you?
        exit
        not read
        """
            .formatted("word ".repeat(60));
    assertEquals(0, chat(said), captured::err);
    List<String> lines = captured.out().lines().toList();
    assertEquals(3, lines.size(), captured::out);
    assertEquals(first.substring(0, first.length() - 1), lines.get(0));
    assertEquals(lines.get(0), lines.get(1));
    String notes = captured.err();
    assertTrue(notes.contains("/system TEXT  start anew"), notes);
    assertTrue(notes.contains("'/nothing': expected /reset, /system TEXT, /help or quit"), notes);
    assertTrue(notes.contains("a new conversation with this system prompt"), notes);
    assertTrue(
        notes.contains("prompt: expected 1 to 95 tokens, as the model has 96 positions, got "),
        notes);
    assertFalse(notes.contains("Exception"), notes);
  }

  private int chat(String said) {
    CommandLine command =
        ChatCommand.line(captured.console(), () -> new BufferedReader(new StringReader(said)));
    ErrorReport report = new ErrorReport(captured.console());
    command.setExecutionExceptionHandler((error, _, _) -> report.failure(error, true));
    return command.execute(arguments(List.of(model())));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "\"fine\"\n{\"text\": 1}\n");
    assertEquals(2, Main.run(captured.console(), "generate", "--prompt", "a"));
    assertEquals(2, run("generate"));
    assertEquals(2, run("generate", "--prompt", "a", "--temperature", "-1"));
    assertEquals(2, run("generate", "--prompt", "a", "--tools", "hammer"));
    assertEquals(2, run("generate", "--prompt", "a", "--tools", "python"));
    assertEquals(3, run("generate", "--prompts", bad.toString()));
    assertEquals(2, run("generate", "--prompt", "word ".repeat(90)));
    assertEquals(2, Main.run(captured.console(), arguments(List.of("compare", model()))));
    List<String> lines = captured.err().lines().toList();
    assertEquals(
        List.of(
            "hlotune: MODEL: expected a model directory or an id of the hub first, got none; see hlotune generate --help",
            "hlotune: --prompt: expected it or --prompts, got neither; see hlotune generate --help",
            "hlotune: 'temperature': expected a number above 0, got -1.0; for the likeliest token, leave 'do_sample' off",
            "hlotune: 'tools': expected 'auto', 'python', 'inline' or 'none', got 'hammer'",
            "hlotune: 'tools': expected a tokenizer with the tokens [<|python_start|>, <|python_end|>, <|output_start|>, <|output_end|>] for 'python', got one without",
            "hlotune: "
                + bad
                + ":2: field \"prompt\": expected a text or a list of messages under 'prompt' or 'messages'"),
        lines.subList(0, 6));
    assertTrue(
        lines.get(6).startsWith("hlotune: prompt: expected 1 to 95 tokens, as the model has 96"),
        lines::toString);
    assertEquals(
        "hlotune: A B: expected two models first, got 1; see hlotune compare --help", lines.get(7));
  }

  private static List<JsonNode> recorded() throws IOException {
    JsonNode file = JSON.readTree(Fixtures.text("generation/chat.json"));
    return StreamSupport.stream(file.get("asked").spliterator(), false).toList();
  }

  private static String model() {
    return Fixtures.path("generation/chat").toString();
  }

  private int run(String command, String... more) {
    return Main.run(captured.console(), arguments(List.of(command, model()), more));
  }

  private static String[] arguments(List<String> first, String... more) {
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(
        List.of(
            "--tokenizer_name_or_path",
            Fixtures.path("data/tokenizer").toString(),
            "--chat_template",
            "chatml",
            "--cache_dir",
            TinyRun.CACHE.toString(),
            "--max_new_tokens",
            "32"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }
}
