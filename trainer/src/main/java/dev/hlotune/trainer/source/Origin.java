package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a record was read. Prints as {@code file:12} where the file is counted in lines, and as
 * {@code file: row 12} where it is counted in rows.
 *
 * @param path the file
 * @param number its line or row, from 1; 0 stands for the whole file
 * @param unit what is counted
 */
public record Origin(Path path, long number, Unit unit) {
  /** What the records of a file are counted in. */
  public enum Unit {
    /** Lines, blank ones included. */
    LINE,
    /** Records: rows of a table without its header, elements of a JSON array. */
    ROW
  }

  /** Checks that there is no negative place. */
  public Origin {
    if (number < 0) {
      throw new IllegalArgumentException("origin: expected a number from 0, got " + number);
    }
  }

  /**
   * A line of a file.
   *
   * @param line from 1, or 0 for the whole file
   */
  public Origin(Path path, long line) {
    this(path, line, Unit.LINE);
  }

  /**
   * A row of a file.
   *
   * @param row from 1
   */
  public static Origin row(Path path, long row) {
    return new Origin(path, row, Unit.ROW);
  }

  @Override
  public String toString() {
    if (number == 0) {
      return path.toString();
    }
    return unit == Unit.LINE
        ? path + ":" + number
        : path + ": " + unit.name().toLowerCase(Locale.ROOT) + " " + number;
  }
}
