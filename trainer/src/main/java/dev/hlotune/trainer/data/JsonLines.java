package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, as bytes, one at a time; {@code .gz} is unpacked on the way. Blank lines are
 * passed over but counted.
 */
final class JsonLines implements AutoCloseable {
  private final Path path;
  private final CountingInput counter;
  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private boolean ended;
  private long line;

  private JsonLines(Path path, CountingInput counter, InputStream in) {
    this.path = path;
    this.counter = counter;
    this.in = in;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it is missing, empty, a folder or not readable
   */
  static JsonLines open(Path path) {
    if (!Files.exists(path)) {
      throw new DataException(path, "expected a file, got no such file");
    }
    if (Files.isDirectory(path)) {
      throw new DataException(path, "expected a file, got a folder");
    }
    try {
      if (Files.size(path) == 0) {
        throw new DataException(path, "expected one JSON object a line, got an empty file");
      }
      CountingInput counter = new CountingInput(Files.newInputStream(path));
      boolean packed = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
      try {
        return new JsonLines(
            path, counter, packed ? new GZIPInputStream(counter, 1 << 16) : counter);
      } catch (IOException e) {
        counter.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The next line that is not blank, without its end, or null after the last. */
  byte @Nullable [] next() {
    while (true) {
      int end = endOfLine();
      if (end < 0) {
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
          return Arrays.copyOfRange(buffer, start, end);
        }
      }
    }
  }

  /** The number of the line that {@link #next} gave last, from 1. */
  long line() {
    return line;
  }

  /** Bytes of the file that were read so far. */
  long bytesRead() {
    return counter.count;
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
      try {
        int read = in.read(buffer, to, buffer.length - to);
        ended = read < 0;
        to += Math.max(0, read);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
  }

  private static DataException unreadable(Path path, IOException e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      return new DataException(
          path, "expected a whole gzip file, got a broken one: " + e.getMessage(), e);
    }
    return new DataException(path, "cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static final class CountingInput extends java.io.FilterInputStream {
    private long count;

    CountingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
