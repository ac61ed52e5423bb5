package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One record of a file, before anyone asked what it means. Immutable, and independent of the reader
 * that gave it, which may have gone on or be closed; any thread may ask for its tree.
 */
public sealed interface RawRecord
    permits ArrowRow, BadRecord, CsvRow, JsonText, RecordTree, TextLine {
  /** Where it was read. */
  Origin origin();

  /** About how many bytes it takes. */
  int size();

  /**
   * Its columns by name, in the order of the file. Where the file holds text it is parsed now, in
   * the calling thread, each time anew.
   *
   * @throws DataException if it is not a record, with its place
   */
  ObjectNode tree();

  /**
   * A record from the text of a JSON object.
   *
   * @param utf8 the text; the caller gives it away
   */
  static RawRecord json(byte[] utf8, Origin origin) {
    return new JsonText(utf8, origin, 0);
  }

  /**
   * A record from columns.
   *
   * @param tree the columns; the caller gives it away
   * @param size about how many bytes they take
   */
  static RawRecord of(ObjectNode tree, int size, Origin origin) {
    return new RecordTree(tree, size, origin);
  }
}
