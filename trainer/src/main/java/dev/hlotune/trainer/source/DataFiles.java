package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data files that a user names, and their records. */
public final class DataFiles {
  private DataFiles() {}

  /**
   * The files that a name stands for, always in the same order.
   *
   * @param pathOrGlob a file, a folder, or a pattern with {@code *}, {@code **}, {@code ?}, <code>
   *     {a,b}</code> and {@code [abc]}. A folder stands for all data files below it, in what {@code
   *     DatasetDict.save_to_disk} left for those of the split {@code train}
   * @throws DataException if there is no such file, with the names that are nearest
   */
  public static List<Path> expand(String pathOrGlob) {
    return new FileSearch(pathOrGlob).files();
  }

  /**
   * The files of a split in a folder that {@code Dataset.save_to_disk} or {@code
   * DatasetDict.save_to_disk} left; nothing where neither did.
   *
   * @param split its name; a data set that was saved by itself is {@code train}, or what it was
   *     called when it was saved
   * @throws DataException if there is no such split; it lists those that there are
   */
  public static Optional<List<Path>> saved(Path folder, String split) {
    Map<String, List<Path>> splits = DataFolder.saved(folder);
    if (splits.isEmpty()) {
      return Optional.empty();
    }
    List<Path> files = splits.get(split);
    if (files == null) {
      throw new DataException(
          folder,
          "expected the split \""
              + split
              + "\", got "
              + DataFolder.quoted(List.copyOf(splits.keySet())));
    }
    return Optional.of(files);
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it is missing, empty, a folder, not readable, or not in the format
   *     that its name says
   */
  public static RecordReader open(Path file) {
    FileInput.checkExists(file);
    FileFormat format = FileFormat.of(file);
    return switch (format) {
      case JSONL, JSON -> JsonDocument.open(file, format);
      case CSV -> CsvTable.open(file);
      case TEXT -> TextLines.plain(TextWindow.open(file, TextLines.PLAIN));
      case PARQUET -> ParquetRows.open(file);
      case ARROW -> ArrowRows.open(file);
    };
  }

  /**
   * The number of records in a file, as a reader gives them. They are not decoded.
   *
   * @throws DataException as {@link #open}, or if the file is broken where it has to be read
   */
  public static long count(Path file) {
    FileInput.checkExists(file);
    return switch (FileFormat.of(file)) {
      case PARQUET -> ParquetRows.count(file);
      case ARROW -> ArrowMessages.count(file);
      case JSONL, JSON, CSV, TEXT -> {
        try (RecordReader reader = open(file)) {
          long count = 0;
          while (reader.next() != null) {
            count++;
          }
          yield count;
        }
      }
    };
  }
}
