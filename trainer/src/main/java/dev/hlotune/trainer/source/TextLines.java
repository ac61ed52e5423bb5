package dev.hlotune.trainer.source;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The lines of a file as records. Blank lines are passed over but counted. */
final class TextLines implements RecordReader {
  /** What lines of JSON are called in messages. */
  static final String JSON = "one JSON object a line";

  /** What lines of text are called in messages. */
  static final String PLAIN = "lines of text";

  private final TextWindow text;
  private final String expected;
  private final BiFunction<byte[], Origin, RawRecord> maker;
  private long line;
  private boolean any;

  private TextLines(TextWindow text, String expected, BiFunction<byte[], Origin, RawRecord> maker) {
    this.text = text;
    this.expected = expected;
    this.maker = maker;
  }

  /** Lines that are JSON. */
  static TextLines json(TextWindow text) {
    return new TextLines(text, JSON, RawRecord::json);
  }

  /** Lines that are what they are. */
  static TextLines plain(TextWindow text) {
    return new TextLines(text, PLAIN, TextLine::new);
  }

  @Override
  public @Nullable RawRecord next() {
    while (true) {
      int length = lineLength();
      if (length < 0) {
        if (!any) {
          throw new DataException(text.path(), "expected " + expected + ", got only blank lines");
        }
        return null;
      }
      line++;
      byte[] found = isBlank(length) ? null : text.copy(0, length);
      text.start = Math.min(text.end, text.start + length + 1);
      if (found != null) {
        any = true;
        return maker.apply(found, new Origin(text.path(), line));
      }
    }
  }

  private boolean isBlank(int length) {
    for (int i = text.start; i < text.start + length; i++) {
      if (text.bytes[i] > ' ' || text.bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** How long the line is that begins here, or -1 where there is none. */
  private int lineLength() {
    int length = 0;
    do {
      for (int i = text.start + length; i < text.end; i++) {
        if (text.bytes[i] == '\n') {
          return i - text.start;
        }
      }
      length = text.end - text.start;
    } while (text.more());
    return length > 0 ? length : -1;
  }

  @Override
  public long bytesRead() {
    return text.bytesRead();
  }

  @Override
  public void close() {
    text.close();
  }
}
