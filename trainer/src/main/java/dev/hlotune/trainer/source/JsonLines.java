package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file as records. Blank lines are passed over but counted. */
final class JsonLines implements RecordReader {
  private final FileInput input;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private boolean ended;
  private long line;
  private boolean any;

  private JsonLines(FileInput input) {
    this.input = input;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it is missing, empty, a folder or not readable
   */
  static JsonLines open(Path path) {
    return new JsonLines(FileInput.open(path, "one JSON object a line"));
  }

  @Override
  public @Nullable RawRecord next() {
    while (true) {
      int end = endOfLine();
      if (end < 0) {
        if (!any) {
          throw new DataException(
              input.path(), "expected one JSON object a line, got only blank lines");
        }
        return null;
      }
      line++;
      int start = from;
      from = Math.min(to, end + 1);
      if (line == 1 && end - start >= 3 && buffer[start] == (byte) 0xEF) {
        start += 3; // A byte order mark.
      }
      for (int i = start; i < end; i++) {
        if (buffer[i] > ' ' || buffer[i] < 0) {
          any = true;
          return RawRecord.json(
              Arrays.copyOfRange(buffer, start, end), new Origin(input.path(), line));
        }
      }
    }
  }

  @Override
  public long bytesRead() {
    return input.bytesRead();
  }

  /** Where the line that begins at {@code from} ends, or -1 where there is none. */
  private int endOfLine() {
    int scanned = from;
    while (true) {
      for (int i = scanned; i < to; i++) {
        if (buffer[i] == '\n') {
          return i;
        }
      }
      if (ended) {
        return from < to ? to : -1;
      }
      scanned = to - from;
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
      } else if (to == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(2, buffer.length));
      }
      int read = input.read(buffer, to, buffer.length - to);
      ended = read < 0;
      to += Math.max(0, read);
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
