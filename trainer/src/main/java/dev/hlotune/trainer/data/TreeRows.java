package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import org.jspecify.annotations.Nullable;

/**
 * Gathers rows that are single messages of a tree, as OASST1 has them, into one record for each
 * tree; the rows of a tree follow each other. Other records pass through untouched: whether there
 * is anything to gather is told by the first.
 */
final class TreeRows implements RecordReader {
  private final RecordReader rows;
  private final RecordColumns columns;
  private @Nullable RawRecord next;
  private @Nullable Boolean gathers;

  TreeRows(RecordReader rows, RecordColumns columns) {
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public @Nullable RawRecord next() {
    if (gathers == null) {
      next = rows.next();
      gathers = next != null && isRow(next);
    } else if (!gathers) {
      return rows.next();
    }
    RawRecord first = next;
    if (first == null || !gathers) {
      next = null;
      return first;
    }
    return gathered(first);
  }

  private RawRecord gathered(RawRecord first) {
    ObjectNode tree = first.tree();
    String id = id(tree);
    ArrayNode together = JsonNodeFactory.instance.arrayNode().add(tree);
    int size = first.size();
    for (next = rows.next(); next != null; next = rows.next()) {
      ObjectNode row = next.tree();
      if (!id(row).equals(id)) {
        break;
      }
      together.add(row);
      size += next.size();
    }
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put(OasstRecords.TREE, id);
    record.set(OasstRecords.ROWS, together);
    return RawRecord.of(record, size, first.origin());
  }

  private static String id(ObjectNode row) {
    return row.path(OasstRecords.TREE).asText();
  }

  /** A broken first record is told of when it is read, with all the others. */
  private boolean isRow(RawRecord record) {
    try {
      Origin origin = record.origin();
      Fields fields = new Fields(record.tree(), columns.renamed(), origin);
      return fields.has(OasstRecords.TREE) && OasstRecords.isRow(fields);
    } catch (DataException e) {
      return false;
    }
  }

  @Override
  public long bytesRead() {
    return rows.bytesRead();
  }

  @Override
  public void close() {
    rows.close();
  }
}
