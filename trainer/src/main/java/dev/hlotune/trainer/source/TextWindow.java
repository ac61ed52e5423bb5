package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * The part of a text file that a reader looks at: bytes from {@link #start} to {@link #end}, to
 * which {@link #more} adds those that follow. What lies before the start is forgotten.
 */
final class TextWindow implements AutoCloseable {
  private final FileInput input;
  byte[] bytes = new byte[1 << 16];
  int start;
  int end;
  private boolean ended;

  private TextWindow(FileInput input) {
    this.input = input;
  }

  /**
   * Opens a file and passes over its byte order mark.
   *
   * @param expected what it is to hold, for messages
   * @throws DataException if it is missing, empty, a folder, not readable, or something that is no
   *     text
   */
  static TextWindow open(Path path, String expected) {
    return of(FileInput.open(path, expected), expected);
  }

  /** The same of an open file, which is closed where it cannot be used. */
  static TextWindow of(FileInput input, String expected) {
    TextWindow window = new TextWindow(input);
    try {
      while (window.end < Magic.LENGTH && window.more()) {
        // Until there is enough to tell what it is.
      }
      Magic magic = Magic.of(Arrays.copyOf(window.bytes, Math.min(window.end, Magic.LENGTH)));
      if (magic != Magic.TEXT) {
        throw new DataException(input.path(), "expected " + expected + ", got " + magic.label());
      }
      if (window.end >= 3
          && window.bytes[0] == (byte) 0xEF
          && window.bytes[1] == (byte) 0xBB
          && window.bytes[2] == (byte) 0xBF) {
        window.start = 3;
      }
      return window;
    } catch (RuntimeException e) {
      window.close();
      throw e;
    }
  }

  /**
   * Reads on. What is kept may move to the front of {@link #bytes}: positions count from {@link
   * #start} afterwards as before.
   *
   * @return false at the end of the file
   */
  boolean more() {
    if (ended) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == bytes.length) {
      if (end >= 1 << 30) {
        throw new DataException(
            input.path(), "expected records of less than 1 GiB, got one that is longer");
      }
      bytes = Arrays.copyOf(bytes, 2 * end);
    }
    int read = input.read(bytes, end, bytes.length - end);
    ended = read < 0;
    end += Math.max(0, read);
    return !ended;
  }

  /** A copy of the bytes between two positions, both counted from {@link #start}. */
  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, start + from, start + to);
  }

  Path path() {
    return input.path();
  }

  long bytesRead() {
    return input.bytesRead();
  }

  @Override
  public void close() {
    input.close();
  }
}
