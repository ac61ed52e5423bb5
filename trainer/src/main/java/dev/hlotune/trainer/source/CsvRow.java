package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A row of a table as text; all its values are strings.
 *
 * @param header the names of the columns
 * @param values as many values
 */
record CsvRow(List<String> header, List<String> values, int size, Origin origin)
    implements RawRecord {
  @Override
  public ObjectNode tree() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < header.size(); i++) {
      tree.put(header.get(i), values.get(i));
    }
    return tree;
  }
}
