package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRowsTest {
  @TempDir private Path folder;

  private List<String> read(String... lines) throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", lines);
    List<String> records = new ArrayList<>();
    try (RecordReader reader = DataSource.of(List.of(file)).open(file)) {
      for (RawRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record.origin().toString().replace(file.toString(), "a") + " " + record.tree());
      }
    }
    return records;
  }

  @Test
  void rowsOfATreeComeTogether() throws IOException {
    String row =
        "{\"message_tree_id\":\"%s\",\"message_id\":\"%s\",\"parent_id\":null,\"text\":\"x\"}";
    String a1 = row.formatted("a", "1");
    String a2 = row.formatted("a", "2");
    String b3 = row.formatted("b", "3");
    assertEquals(
        List.of(
            "a:1 {\"message_tree_id\":\"a\",\"rows\":[" + a1 + "," + a2 + "]}",
            "a:3 {\"message_tree_id\":\"b\",\"rows\":[" + b3 + "]}"),
        read(a1, a2, b3));
  }

  @Test
  void otherRecordsPassThrough() throws IOException {
    assertEquals(
        List.of("a:1 {\"text\":\"x\"}", "a:2 {\"text\":\"y\"}"),
        read("{\"text\":\"x\"}", "{\"text\":\"y\"}"));
  }
}
