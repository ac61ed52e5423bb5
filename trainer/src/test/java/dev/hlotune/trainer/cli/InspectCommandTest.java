package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code data inspect} shows of a few records, to the byte. */
final class InspectCommandTest {
  private static final List<String> RECORDS =
      List.of(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"Say <script>alert(1)</script> &"
              + " \\\"hi\\\"  \"}, {\"role\": \"assistant\", \"content\": \"No.\\n\"}]}",
          "{\"messages\": [{\"role\": \"user\", \"content\": \"alone\"}]}",
          "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"},"
              + " {\"role\": \"assistant\", \"content\": \"b\", \"weight\": 0.5},"
              + " {\"role\": \"user\", \"content\": \"c\"},"
              + " {\"role\": \"assistant\", \"content\": \"d\"}]}",
          "{\"prompt\": \"2+2=\", \"completion\": \"4\"}");

  private static final String RULE = "─".repeat(40) + "\n";

  private static final String FIRST =
      """
      <|im_start|>user
      Say <script>alert(1)</script> & "hi"  <|im_end|>
      <|im_start|>assistant
      [[No.
      <|im_end|>]]
      """;

  private static final String SECOND =
      """
      <|im_start|>user
      a<|im_end|>
      <|im_start|>assistant
      [[0.5:b<|im_end|>]]
      <|im_start|>user
      c<|im_end|>
      <|im_start|>assistant
      [[d<|im_end|>]]
      """;

  @TempDir Path folder;
  private Captured captured = Captured.plain();

  @BeforeEach
  void files() throws IOException {
    new TinyRun(folder).data("train.jsonl", RECORDS);
  }

  private int inspect(String... more) {
    return inspect(Captured.plain(), more);
  }

  private int inspect(Captured console, String... more) {
    captured = console;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "inspect",
                // A tokenizer, and no model.
                "--model_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--dataset_name",
                folder.resolve("train.jsonl").toString(),
                "--chat_template",
                "chatml",
                "--cache_dir",
                TinyRun.CACHE.toString(),
                "--max_length",
                "64"));
    arguments.addAll(List.of(more));
    CommandLine line = DataCommand.line(console.console());
    ErrorReport report = new ErrorReport(console.console());
    line.setExecutionExceptionHandler((error, failed, parsed) -> report.failure(error, false));
    return line.execute(arguments.toArray(String[]::new));
  }

  private String out() {
    return captured.out().replace(folder.toString(), "~");
  }

  private String err() {
    return captured.err().replace(folder.toString(), "~");
  }

  @Test
  void examplesAreShownAsTheyAreTrained() {
    assertEquals(0, inspect("--num_examples", "2"));
    assertEquals(
        "example 1 of 3  ~/train.jsonl:1\ntokens    50, 5 supervised (10.0 %)\n"
            + RULE
            + FIRST
            + RULE
            + "\nexample 2 of 3  ~/train.jsonl:3\n"
            + "tokens    28, 4 supervised (14.3 %), weights add up to 3\n"
            + RULE
            + SECOND
            + RULE,
        out());
    assertEquals("~/train.jsonl:2: no assistant turn\n", err());
  }

  /** The rows of such a batch are not known before the devices are, and none are asked here. */
  @Test
  void aRecipeForSeveralDevicesIsLookedAtWithoutThem() {
    assertEquals(
        0,
        inspect(
            "--example",
            "2",
            "--sharding_axis_dims=1,-1,1,1,1",
            "--total_batch_size=16",
            "--platform=cuda"),
        err());
    assertTrue(out().contains("example 2 of 3"), out());
  }

  @Test
  void onATerminalByColours() {
    assertEquals(0, inspect(Captured.coloured(), "--example", "2"));
    assertEquals(
        """
        {1mexample 2 of 3  ~/train.jsonl:3}
        tokens    28, 4 supervised (14.3 %), weights add up to 3
        ────────────────────────────────────────
        {1;2m<|im_start|>}{2muser}
        {2ma}{1;2m<|im_end|>}{2m}
        {1;2m<|im_start|>}{2massistant}
        {7;33m0.5:}{33mb}{1;33m<|im_end|>}
        {1;2m<|im_start|>}{2muser}
        {2mc}{1;2m<|im_end|>}{2m}
        {1;2m<|im_start|>}{2massistant}
        {32md}{1;32m<|im_end|>}
        ────────────────────────────────────────
        """
            .replace("{2m}", ""),
        out().replace("\033[0m", "}").replace("\033[", "{"));
  }

  @Test
  void whereItLiesInItsRow() {
    assertEquals(0, inspect("--packing", "--example", "3"));
    assertEquals(
        """
        example 3 of 3  ~/train.jsonl:4
        tokens    6, 2 supervised (33.3 %)
        row       update 1 of 1, micro-batch 1, row 2 of 9x56; segment 2 of 2
                  0-49 train.jsonl:1, 50-55 this one
        ────────────────────────────────────────
        2+2=[[4<|endoftext|>]]
        ────────────────────────────────────────
        """,
        out());
  }

  @Test
  void tokenByToken() {
    assertEquals(0, inspect("--tokens", "--origin", "train.jsonl:4"));
    assertEquals(
        """
        position      id  weight  token                     text
               0      20       0  "2"                       "2"
               1      13       0  "+"                       "+"
               2      20       0  "2"                       "2"
               3      31       0  "="                       "="
               4      22       1  "4"                       "4"
               5       0       1  "<|endoftext|>"           "<|endoftext|>"
        """,
        out().substring(out().lastIndexOf(RULE) + RULE.length()));
  }

  private void fails(ExitCode code, String message, String... options) {
    assertEquals(code.number(), inspect(options));
    List<String> lines = err().lines().toList();
    assertEquals("hlotune: " + message, lines.getLast());
  }

  @Test
  void whatIsNotThere() {
    fails(
        ExitCode.DATA,
        "origin: expected a record that gives an example, got \"train.jsonl:2\":"
            + " ~/train.jsonl:2: no assistant turn",
        "--origin",
        "train.jsonl:2");
    fails(
        ExitCode.DATA,
        "origin: expected a record that gives an example, got \"other.jsonl:1\"",
        "--origin",
        "other.jsonl:1");
    fails(
        ExitCode.DATA,
        "origin: expected a file and a line, such as \"train.jsonl:12\", got \"train.jsonl\"",
        "--origin",
        "train.jsonl");
    fails(ExitCode.DATA, "example: expected a number from 1 to 3, got 4", "--example", "4");
    fails(ExitCode.DATA, "held-out data: expected some, got none", "--held_out");
    fails(
        ExitCode.USAGE,
        "--max_lenght: 'max_lenght': expected a known key, got an unknown one; did you mean"
            + " 'max_length'?",
        "--max_lenght",
        "5");
  }

  @Test
  void aBadRecordDoesNotEndIt() throws IOException {
    Files.writeString(folder.resolve("train.jsonl"), "{\"broken\n" + RECORDS.getLast() + "\n");
    assertEquals(0, inspect());
    assertTrue(out().startsWith("example 1 of 1  ~/train.jsonl:2\n"), out());
    assertTrue(err().startsWith("~/train.jsonl:1: broken JSON"), err());
  }

  @Test
  void heldOutExamples() {
    assertEquals(
        0, inspect("--eval_dataset_name", folder.resolve("train.jsonl").toString(), "--held_out"));
    assertTrue(out().startsWith("example 1 of 3"), out());
  }

  @Test
  void asJson() throws IOException {
    assertEquals(0, inspect("--json", "--packing", "--num_examples", "9"));
    List<String> lines = out().lines().toList();
    assertEquals(3, lines.size());
    JsonNode example = new JsonMapper().readTree(lines.get(1));
    List<String> fields = new ArrayList<>();
    example.fieldNames().forEachRemaining(fields::add);
    assertEquals(
        List.of("example", "of", "origin", "supervised_tokens", "weight", "row", "tokens"), fields);
    assertEquals(28, example.path("tokens").size());
    assertEquals(3.0, example.path("weight").asDouble());
    assertEquals("~/train.jsonl:3", example.path("origin").asText());
    assertEquals(
        "{\"update\":1,\"updates\":1,\"micro_batch\":1,\"row\":1,\"rows\":9,\"length\":56,"
            + "\"segment\":1,\"segments\":[{\"origin\":\"~/train.jsonl:3\",\"from\":0,\"to\":28}]}",
        example.path("row").toString());
    StringBuilder text = new StringBuilder();
    example.path("tokens").forEach(token -> text.append(token.path("text").asText()));
    assertEquals(SECOND.replaceAll("\\[\\[(0.5:)?|\\]\\]", ""), text.toString());
  }

  private String page(String... more) throws IOException {
    Path page = folder.resolve("page.html");
    List<String> options = new ArrayList<>(List.of("--html", page.toString()));
    options.addAll(List.of(more));
    assertEquals(0, inspect(options.toArray(String[]::new)));
    assertEquals("", out());
    return Files.readString(page);
  }

  @Test
  void aPageIsBalancedAndNeedsNothingBesideIt() throws IOException {
    String page = page("--packing");
    Set<String> empty = Set.of("meta", "!doctype");
    Deque<String> open = new ArrayDeque<>();
    String markup = page.replaceAll("(?s)(<(style|script)>).*?(</\\2>)", "$1$3");
    Pattern.compile("<(/?)([!a-z][a-z0-9]*)(?:\\s+[a-z-]+=\"[^\"<>]*\"|\\s+html)*>|[<>]")
        .matcher(markup)
        .results()
        .forEach(tag -> {
          assertTrue(tag.group(2) != null, () -> "a bare < or >: " + around(markup, tag));
          if (!tag.group(1).isEmpty()) {
            assertEquals(open.pop(), tag.group(2), () -> around(markup, tag));
          } else if (!empty.contains(tag.group(2))) {
            open.push(tag.group(2));
          }
        });
    assertEquals(List.of(), List.copyOf(open));
    assertFalse(Pattern.compile("(?i)\\b(src|href)=|\\burl\\(|@import").matcher(page).find(), page);
    assertFalse(page.contains("http:") || page.contains("https:"), page);
  }

  private static String around(String text, MatchResult match) {
    return text.substring(
        Math.max(0, match.start() - 80), Math.min(text.length(), match.end() + 80));
  }

  @Test
  void dataIsTextOnAPage() throws IOException {
    String page = page();
    assertEquals(2, page.split("<script>", -1).length, "one script, ours");
    String shown =
        page.substring(page.indexOf("<section"), page.indexOf("</section>"))
            .replaceAll("(?s)^.*?<div class=\"text\"[^>]*>|</div>.*$", "")
            .replaceAll("</?span[^>]*>|<i>⏎</i>", "");
    assertEquals(
        FIRST
            .replaceAll("\\[\\[|\\]\\]", "")
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"),
        shown);
    assertTrue(
        page.contains(
            "<span class=\"t s\" title=\"position 44, id 48, weight 1, token &quot;N&quot;\">N</span>"),
        page);
    assertTrue(
        page.contains("weight 1, token &quot;&lt;|im_end|&gt;&quot;, special\">&lt;|im_end|&gt;<"));
    assertTrue(page.contains("<sup>0.5</sup><span class=\"t s w\" title=\"position"));
  }

  /** The policy of the page lets its own script run: the digest in it is that of the script. */
  @Test
  void theScriptIsTheOneThatThePolicyNames() throws Exception {
    String page = page();
    String script = page.substring(page.indexOf("<script>") + 8, page.indexOf("</script>"));
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(script.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertTrue(
        page.contains(
            "script-src 'sha256-%s'"
                .formatted(java.util.Base64.getEncoder().encodeToString(digest))));
  }
}
