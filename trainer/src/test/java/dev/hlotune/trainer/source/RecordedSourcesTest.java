package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file that pyarrow, datasets, csv and zstandard wrote gives the rows that they read. */
class RecordedSourcesTest {
  static Stream<Map.Entry<String, Object>> files() throws IOException {
    return Fixtures.json("sources/index.json").entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void allRowsAreRead(Map.Entry<String, Object> file) throws IOException {
    List<JsonNode> expected = Sources.rows((String) file.getValue());
    Sources.assertRows(expected, Sources.trees(Sources.path(file.getKey())), file.getKey());
    assertEquals(expected.size(), DataFiles.count(Sources.path(file.getKey())));
  }
}
