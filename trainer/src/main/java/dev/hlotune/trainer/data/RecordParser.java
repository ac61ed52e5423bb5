package dev.hlotune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what lies in a file into a record, by its format. Thread-safe. */
final class RecordParser {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  private final RecordColumns columns;
  private final Map<String, String> renamed;

  RecordParser(RecordColumns columns) {
    this.columns = columns;
    this.renamed = new HashMap<>(columns.renamed());
    columns.textField().ifPresent(field -> renamed.put("text", field));
  }

  /**
   * Parses one line.
   *
   * @throws DataException if it is not a record, with the line and the field
   */
  SourceRecord parse(byte[] line, Origin origin) {
    JsonNode node;
    try {
      node = JSON.readValue(line);
    } catch (JsonProcessingException e) {
      throw new DataException(origin, null, "broken JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new DataException(origin, null, "not UTF-8: " + firstLine(e.getMessage()));
    }
    if (!(node instanceof ObjectNode object)) {
      throw new DataException(origin, null, "expected a JSON object, got " + Fields.kind(node));
    }
    return read(object, origin);
  }

  /**
   * Reads a record.
   *
   * @throws DataException if its columns are not those of its format, with the field
   */
  SourceRecord read(ObjectNode node, Origin origin) {
    Fields fields = new Fields(node, renamed, origin);
    if (columns.textField().isPresent()) {
      if (!fields.has("text")) {
        throw fields.problem(
            "text", "expected this column (dataset_text_field), got " + fields.columns());
      }
      return RecordFormat.TEXT.read(fields);
    }
    return columns.format().orElseGet(() -> RecordFormat.of(fields)).read(fields);
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
