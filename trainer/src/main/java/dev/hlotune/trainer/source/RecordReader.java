package dev.hlotune.trainer.source;

import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file, in the order of the file, with memory that does not grow with it.
 * For one thread; owns the open file until closed.
 */
public interface RecordReader extends AutoCloseable {
  /**
   * The next record, or null after the last.
   *
   * @throws DataException if the file is broken here; what is wrong with one record alone is told
   *     by {@link RawRecord#tree}
   */
  @Nullable RawRecord next();

  /** About how many bytes of the file were read so far. */
  long bytesRead();

  @Override
  void close();
}
