package dev.hlotune.trainer.data;

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
      if (!fields.has("text")) {
        throw fields.problem(
            "text", "expected this column (dataset_text_field), got " + fields.columns());
      }
      return RecordFormat.TEXT.read(fields);
    }
    return columns.format().orElseGet(() -> RecordFormat.of(fields)).read(fields);
  }
}
