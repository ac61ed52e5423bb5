package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.util.HashMap;
import java.util.Map;

/** Turns what lies in a file into a record, by its format. Thread-safe. */
final class RecordParser {
  private final RecordColumns columns;
  private final Map<String, String> renamed;

  RecordParser(RecordColumns columns) {
    this.columns = columns;
    this.renamed = new HashMap<>(columns.renamed());
    columns.textField().ifPresent(field -> renamed.put("text", field));
  }

  /**
   * Parses one record.
   *
   * @throws DataException if it is not a record, with its place and the field
   */
  SourceRecord parse(RawRecord raw) {
    return read(raw.tree(), raw.origin());
  }

  /**
   * Reads a record.
   *
   * @throws DataException if its columns are not those of its format, with the field
   */
  SourceRecord read(ObjectNode node, Origin origin) {
    Fields fields = new Fields(node, renamed, origin);
    if (columns.textField().isPresent()) {
      return named(fields, columns.textField().get());
    }
    return columns.format().orElseGet(() -> RecordFormat.of(fields)).read(fields);
  }

  /**
   * The column of {@code dataset_text_field}: text, or messages as EasyDeL names them by the same
   * key. Where it is missing, columns that say what they are go over it, as they do in TRL.
   */
  private SourceRecord named(Fields fields, String column) {
    JsonNode value = fields.get("text");
    if (value != null && value.isArray()) {
      Map<String, String> messages = new HashMap<>(renamed);
      messages.put("messages", column);
      return RecordFormat.MESSAGES.read(new Fields(fields.node(), messages, fields.origin()));
    }
    if (value != null) {
      return RecordFormat.TEXT.read(fields);
    }
    return RecordFormat.told(fields)
        .orElseThrow(() ->
            fields.problem(
                "text", "expected this column (dataset_text_field), got " + fields.columns()))
        .read(fields);
  }
}
