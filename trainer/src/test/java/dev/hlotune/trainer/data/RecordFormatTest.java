package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kind of record comes of which columns. */
class RecordFormatTest {
  private static final Origin ORIGIN = new Origin(Path.of("a.jsonl"), 7);

  private static SourceRecord parse(String json) {
    return new RecordParser(null)
        .parse(RawRecord.json(json.getBytes(StandardCharsets.UTF_8), ORIGIN));
  }

  private static SourceRecord turns(String user, String assistant) {
    return new SourceRecord.Conversation(
        List.of(new Message("user", user, 0), new Message("assistant", assistant, 1)), ORIGIN);
  }

  @Test
  void instructionsBecomeTwoTurns() {
    assertEquals(turns("do", "done"), parse("{\"instruction\":\"do\",\"response\":\"done\"}"));
    assertEquals(
        turns("do\n\nthis", "done"),
        parse("{\"instruction\":\"do\",\"input\":\"this\",\"output\":\"done\"}"));
    assertEquals(
        turns("do\n\nhere", "done"),
        parse("{\"instruction\":\"do\",\"context\":\"here\",\"response\":\"done\"}"));
    assertEquals(
        turns("do", "done"), parse("{\"instruction\":\"do\",\"input\":\" \",\"output\":\"done\"}"));
    assertEquals(
        turns("do", "done"),
        parse("{\"instruction\":\"do\",\"context\":null,\"response\":\"done\"}"));
  }

  @Test
  void questionsBecomeTwoTurns() {
    assertEquals(turns("1+1?", "2"), parse("{\"question\":\"1+1?\",\"answer\":\"2\"}"));
  }

  @Test
  void promptsAndTextsStayPlain() {
    assertEquals(
        new SourceRecord.PromptCompletion("a", "b", ORIGIN),
        parse("{\"prompt\":\"a\",\"completion\":\"b\",\"text\":\"c\"}"));
    assertEquals(new SourceRecord.PlainText("c", ORIGIN), parse("{\"text\":\"c\"}"));
    SourceRecord named =
        new RecordParser("body")
            .parse(
                RawRecord.json(
                    "{\"body\":\"c\",\"text\":\"d\"}".getBytes(StandardCharsets.UTF_8), ORIGIN));
    assertEquals(new SourceRecord.PlainText("c", ORIGIN), named);
  }

  @Test
  void onlyTheCompletionOfConversationalPromptsIsLearned() {
    assertEquals(
        new SourceRecord.Conversation(
            List.of(
                new Message("assistant", "hello", 0),
                new Message("user", "hi", 0),
                new Message("assistant", "yes?", 1)),
            ORIGIN),
        parse(
            "{\"prompt\":[{\"role\":\"assistant\",\"content\":\"hello\"},"
                + "{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"completion\":[{\"role\":\"assistant\",\"content\":\"yes?\"}]}"));
  }

  @Test
  void messagesMaySayWhatTheyWeigh() {
    assertEquals(
        new SourceRecord.Conversation(
            List.of(
                new Message("assistant", "a", 0),
                new Message("user", "b", 0.5f),
                new Message("assistant", "c", 1)),
            ORIGIN),
        parse(
            "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"train\":false},"
                + "{\"role\":\"user\",\"content\":\"b\",\"weight\":0.5},"
                + "{\"role\":\"assistant\",\"content\":\"c\",\"name\":\"ignored\"}]}"));
  }
}
