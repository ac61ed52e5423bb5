package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A line of plain text, as the one column {@code text}.
 *
 * @param utf8 the line without its end
 * @param origin where it was read
 */
@SuppressWarnings("ArrayRecordComponent") // Short-lived, one per record of the data set.
record TextLine(byte[] utf8, Origin origin) implements RawRecord {
  @Override
  public int size() {
    return utf8.length;
  }

  @Override
  public ObjectNode tree() {
    int length = utf8.length > 0 && utf8[utf8.length - 1] == '\r' ? utf8.length - 1 : utf8.length;
    try {
      return JsonNodeFactory.instance.objectNode().put("text", ColumnValues.text(utf8, 0, length));
    } catch (IllegalArgumentException e) {
      throw new DataException(origin, null, String.valueOf(e.getMessage()));
    }
  }
}
