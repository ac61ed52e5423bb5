package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A row of an Arrow file. Its columns are looked up in the batch, which it keeps, when they are
 * asked for.
 *
 * @param batch the rows around it
 * @param index its number within the batch
 */
record ArrowRow(Batch batch, long index, int size, Origin origin) implements RawRecord {
  /**
   * Rows that lie together.
   *
   * @param names the columns
   * @param columns their values
   */
  record Batch(List<String> names, List<ArrowVector> columns) {}

  /** A column that is null is kept as null. */
  @Override
  public ObjectNode tree() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < batch.columns.size(); i++) {
      String name = batch.names.get(i);
      try {
        tree.set(name, batch.columns.get(i).get(index));
      } catch (RuntimeException e) {
        throw new DataException(origin, name, "broken Arrow data: " + ParquetFile.firstLine(e));
      }
    }
    return tree;
  }
}
