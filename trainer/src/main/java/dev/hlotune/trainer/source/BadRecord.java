package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be read, in a file that could be read on.
 *
 * @param column the column that is wrong, or null
 * @param problem what is wrong
 */
record BadRecord(@Nullable String column, String problem, int size, Origin origin)
    implements RawRecord {
  @Override
  public ObjectNode tree() {
    throw new DataException(origin, column, problem);
  }
}
