package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of messages without a record around them, as nanochat keeps conversations. */
class BareMessagesTest {
  private static final String ONE =
      "[{\"role\": \"user\", \"content\": \"a, [b]\"}, {\"role\": \"assistant\", \"content\": \"c\"}]";
  private static final String TWO =
      "[{\"value\": \"]\", \"from\": \"human\"}, {\"from\": \"gpt\", \"value\": \"e\"}]";
  private static final String THREE =
      "[{\"name\": \"x\", \"role\": \"assistant\", \"tool_calls\": [{\"id\": \"1\"}]}]";

  @TempDir private Path folder;

  private List<JsonNode> trees(String name, String text) throws IOException {
    return Sources.trees(Files.writeString(folder.resolve(name), text));
  }

  private static List<JsonNode> records(String... lists) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String list : lists) {
      records.add(new JsonMapper().readTree("{\"messages\": " + list + "}"));
    }
    return records;
  }

  @Test
  void aLineMayBeAConversation() throws IOException {
    String lines = String.join("\n", ONE, "", TWO, THREE);
    for (String name : List.of("a.jsonl", "b.json")) {
      assertEquals(records(ONE, TWO, THREE), trees(name, lines));
    }
    RawRecord second = Sources.read(folder.resolve("a.jsonl")).get(1);
    assertEquals(folder.resolve("a.jsonl") + ":3", second.origin().toString());
    assertEquals(
        records(ONE, TWO),
        trees("c.jsonl", "{\"messages\": " + ONE + "}\n" + TWO),
        "after objects");
  }

  @Test
  void aDocumentMayBeOneConversationOrAListOfThem() throws IOException {
    for (String name : List.of("a.jsonl", "b.json")) {
      assertEquals(records(ONE), trees(name, ONE));
    }
    assertEquals(
        records(ONE), trees("c.json", ONE.replace(", ", ",\n  ").replace("a,\n  ", "a, ")));
    assertEquals(records(ONE, TWO), trees("d.json", "[" + ONE + ",\n" + TWO + "]"));
  }

  /** Columns called as half of a message is do not make one. */
  @Test
  void otherListsAreOfRecords() throws IOException {
    JsonMapper json = new JsonMapper();
    for (String record :
        List.of(
            "{\"from\": \"de\", \"to\": \"en\", \"text\": \"role\"}",
            "{\"text\": \"a\", \"role\": {\"content\": 1}}",
            "{\"content\": \"a\", \"value\": {\"from\": 1, \"role\": 2}}",
            "{}")) {
      for (String name : List.of("a.jsonl", "b.json")) {
        assertEquals(
            List.of(json.readTree(record), json.readTree("{\"text\": \"b\"}")),
            trees(name, "[" + record + ", {\"text\": \"b\"}]"));
      }
    }
  }
}
