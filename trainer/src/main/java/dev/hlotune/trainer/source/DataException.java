package dev.hlotune.trainer.source;

import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Data that cannot be used: a missing or empty file, a broken line, a record without known columns,
 * a token outside of the model's vocabulary.
 *
 * <p>The message starts with the place, {@code file:line: field "name": } or {@code file: row
 * number: field "name": }, as far as it is known.
 */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable String path;
  private final long line;
  private final @Nullable String field;

  /** A problem with no place, for instance an unknown template name. */
  public DataException(String message) {
    this(null, null, message, null);
  }

  /** A problem with a whole file. */
  public DataException(Path path, String message) {
    this(new Origin(path, 0), null, message, null);
  }

  /** A problem with a file that the operating system reported. */
  public DataException(Path path, String message, Throwable cause) {
    this(new Origin(path, 0), null, message, cause);
  }

  /** A problem with one record, or with one field of it. */
  public DataException(Origin origin, @Nullable String field, String message) {
    this(origin, field, message, null);
  }

  private DataException(
      @Nullable Origin origin, @Nullable String field, String message, @Nullable Throwable cause) {
    super(
        (origin == null ? "" : origin + ": ")
            + (field == null ? "" : "field \"" + field + "\": ")
            + message,
        cause);
    this.path = origin == null ? null : origin.path().toString();
    this.line = origin == null || origin.unit() != Origin.Unit.LINE ? 0 : origin.number();
    this.field = field;
  }

  /** The file, or null where the problem has none. */
  public @Nullable Path path() {
    return path == null ? null : Path.of(path);
  }

  /**
   * The line, from 1, or 0 where the problem concerns the whole file or a file that is counted in
   * rows.
   */
  public long line() {
    return line;
  }

  /** The field of the record, or null. */
  public @Nullable String field() {
    return field;
  }
}
