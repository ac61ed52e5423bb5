package dev.hlotune.trainer.source;

import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Data that cannot be used: a missing or empty file, a broken line, a record without known columns,
 * a token outside of the model's vocabulary.
 *
 * <p>The message starts with the place, {@code file:line: field "name": }, as far as it is known.
 */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable String path;
  private final long line;
  private final @Nullable String field;

  /** A problem with no place, for instance an unknown template name. */
  public DataException(String message) {
    this(null, 0, null, message, null);
  }

  /** A problem with a whole file. */
  public DataException(Path path, String message) {
    this(path, 0, null, message, null);
  }

  /** A problem with a file that the operating system reported. */
  public DataException(Path path, String message, Throwable cause) {
    this(path, 0, null, message, cause);
  }

  /** A problem with one record, or with one field of it. */
  public DataException(Origin origin, @Nullable String field, String message) {
    this(origin.path(), origin.line(), field, message, null);
  }

  private DataException(
      @Nullable Path path,
      long line,
      @Nullable String field,
      String message,
      @Nullable Throwable cause) {
    super(place(path, line, field) + message, cause);
    this.path = path == null ? null : path.toString();
    this.line = line;
    this.field = field;
  }

  private static String place(@Nullable Path path, long line, @Nullable String field) {
    StringBuilder place = new StringBuilder();
    if (path != null) {
      place.append(path).append(line > 0 ? ":" + line : "").append(": ");
    }
    if (field != null) {
      place.append("field \"").append(field).append("\": ");
    }
    return place.toString();
  }

  /** The file, or null where the problem has none. */
  public @Nullable Path path() {
    return path == null ? null : Path.of(path);
  }

  /** The line, from 1, or 0 where the problem concerns the whole file. */
  public long line() {
    return line;
  }

  /** The field of the record, or null. */
  public @Nullable String field() {
    return field;
  }
}
