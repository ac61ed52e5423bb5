package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of nanochat's data sets: the conversations that nanochat makes of them. */
class NanochatTasksTest {
  private static final Origin ORIGIN = new Origin(Path.of("a.jsonl"), 7);
  private static final RecordColumns GSM8K =
      new RecordColumns(Optional.of(RecordFormat.GSM8K), Optional.empty(), Map.of());

  private static SourceRecord parse(RecordColumns columns, String json) {
    return new RecordParser(columns)
        .parse(RawRecord.json(json.getBytes(StandardCharsets.UTF_8), ORIGIN));
  }

  @ParameterizedTest
  @CsvSource({"gsm8k, 5", "arc, 3", "mmlu, 2", "smoltalk, 3", "identity, 2"})
  void conversationsAreThoseOfNanochat(String task, int count) throws IOException {
    JsonNode recorded =
        new JsonMapper()
            .readTree(Fixtures.path("tasks/nanochat.json").toFile())
            .path("tasks")
            .path(task);
    assertEquals(count, recorded.path("rows").size());
    RecordColumns columns = task.equals("gsm8k") ? GSM8K : RecordColumns.AUTOMATIC;
    for (int i = 0; i < count; i++) {
      JsonNode messages = recorded.path("conversations").get(i).path("messages");
      assertEquals(
          new SourceRecord.Conversation(MessageParser.parse(messages, "messages", ORIGIN), ORIGIN),
          parse(columns, recorded.path("rows").get(i).toString()));
    }
  }

  @Test
  void theColumnsAloneAreTwoTurns() {
    assertEquals(
        parse(
            RecordColumns.AUTOMATIC,
            "{\"messages\":[{\"role\":\"user\",\"content\":\"1+1?\"},"
                + "{\"role\":\"assistant\",\"content\":\"<<1+1=2>>2\\n#### 2\"}]}"),
        parse(
            RecordColumns.AUTOMATIC, "{\"question\":\"1+1?\",\"answer\":\"<<1+1=2>>2\\n#### 2\"}"));
  }

  /** As the hub has MMLU's auxiliary training set; by letter; of more than four; renamed. */
  @Test
  void choicesComeInSeveralForms() {
    SourceRecord expected =
        parse(
            RecordColumns.AUTOMATIC,
            "{\"question\":\"?\",\"choices\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"answer\":4}");
    assertEquals(
        "Multiple Choice question: ?\n- a=A\n- b=B\n- c=C\n- d=D\n- e=E\n\n"
            + "Respond only with the letter of the correct answer.",
        ((SourceRecord.Conversation) expected).messages().getFirst().text());
    assertEquals("E", ((SourceRecord.Conversation) expected).messages().getLast().text());
    assertEquals(
        expected,
        parse(
            RecordColumns.AUTOMATIC,
            "{\"train\":{\"question\":\"?\",\"subject\":\"\",\"answer\":4,"
                + "\"choices\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}}"));
    assertEquals(
        expected,
        parse(
            RecordColumns.AUTOMATIC,
            "{\"question\":\"?\",\"choices\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"answer\":\"E\"}"));
    assertEquals(
        expected,
        parse(
            new RecordColumns(
                Optional.of(RecordFormat.MULTIPLE_CHOICE),
                Optional.empty(),
                Map.of("question", "question_stem", "answer", "gold")),
            "{\"question_stem\":\"?\",\"choices\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"gold\":4}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"question": "?", "answer": "3*4=<<3*4=12>12"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<<3*4=12>12"
          {"question": "?", "answer": "3*4=<<3*4>>12"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<<3*4>>"
          {"question": "?", "answer": "3*4=<<=12>>12"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<<=12>>"
          {"question": "?", "answer": "3*4=<<3*4=>>12"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<<3*4=>>"
          {"question": "?", "answer": "<<>>"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<<>>"
          {"question": "?", "answer": "a << b <<1+1=2>>"} | answer | expected calls of the calculator like "<<12*3=36>>", got "<< b <<1+1=2>>"
          {"question": "?", "answer": "1+1=2>> and so on and on"} | answer | expected calls of the calculator like "<<12*3=36>>", got ">> and so on and on"
          {"question": 1, "answer": "2"} | question | expected a string, got number
          {"question": "?"} | answer | expected a string, got nothing
          """)
  void malformedCallsAreNamed(String record, String field, String message) {
    DataException refused = assertThrows(DataException.class, () -> parse(GSM8K, record));
    assertEquals("a.jsonl:7: field \"" + field + "\": " + message, refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"question": "?", "choices": ["a", "b"], "answer": 2} | answer | expected one of ["A", "B"] or a place from 0 to 1, got 2
          {"question": "?", "choices": ["a", "b"], "answer": -1} | answer | expected one of ["A", "B"] or a place from 0 to 1, got -1
          {"question": "?", "choices": ["a", "b"], "answer": 0.5} | answer | expected one of ["A", "B"] or a place from 0 to 1, got 0.5
          {"question": "?", "choices": ["a", "b"], "answer": "C"} | answer | expected one of ["A", "B"] or a place from 0 to 1, got "C"
          {"question": "?", "choices": ["a", "b"]} | answer | expected one of ["A", "B"] or a place from 0 to 1, got nothing
          {"question": "?", "choices": {"text": ["a"], "label": ["1"]}, "answerKey": 1} | answerKey | expected one of ["1"], got 1
          {"question": "?", "choices": {"text": ["a"], "label": ["A"]}, "answerKey": ""} | answerKey | expected one of ["A"], got ""
          {"question": "?", "choices": {"text": ["a"], "label": ["A", "B"]}, "answerKey": "A"} | choices | expected a label for each of 1 texts, got 2
          {"question": "?", "choices": {"text": ["a"]}, "answerKey": "A"} | choices.label | expected a list of texts, got nothing
          {"question": "?", "choices": "a, b", "answer": 0} | choices | expected a list of texts, got string
          {"question": "?", "choices": [], "answer": 0} | choices | expected a list of texts, got an empty one
          {"question": "?", "choices": ["a", 2], "answer": 0} | choices[1] | expected a string, got number
          {"question": null, "choices": ["a", "b"], "answer": 0} | question | expected a string, got null
          """)
  void malformedChoicesAreNamed(String record, String field, String message) {
    DataException refused =
        assertThrows(DataException.class, () -> parse(RecordColumns.AUTOMATIC, record));
    assertEquals("a.jsonl:7: field \"" + field + "\": " + message, refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [] | expected a JSON object, got array
          [{"a": 1}, {"b": 2}] | expected a JSON object, got array
          [{"role": "user", "content": "a"}, 3] | expected a JSON object, got array
          [{"role": "user", "content": 1}] | field "messages[0].content": expected a string, got number
          """)
  void onlyMessagesStandWithoutARecord(String line, String message) {
    DataException refused =
        assertThrows(DataException.class, () -> parse(RecordColumns.AUTOMATIC, line));
    assertEquals("a.jsonl:7: " + message, refused.getMessage());
  }

  @Test
  void bareMessagesMayBeOfShareGpt() {
    assertEquals(
        parse(
            RecordColumns.AUTOMATIC,
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                + "{\"role\":\"assistant\",\"content\":\"b\"}]}"),
        parse(
            RecordColumns.AUTOMATIC,
            "[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]"));
  }
}
