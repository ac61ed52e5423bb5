package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A format of data files, told by the ending of the name before {@code .gz} or {@code .zst}. */
public enum FileFormat {
  /** One JSON object a line. */
  JSONL,
  /** One JSON array, an object that holds one under {@code data} or {@code examples}, or JSONL. */
  JSON,
  /** A table as text, with a header; {@code .tsv} is separated by tabs. */
  CSV,
  /** Plain text, each line a record of its own. */
  TEXT,
  /** Apache Parquet. */
  PARQUET,
  /** Apache Arrow IPC, as a stream or as a file; what {@code datasets} keeps on disk. */
  ARROW;

  private List<String> endings() {
    return switch (this) {
      case JSONL -> List.of("jsonl", "ndjson");
      case JSON -> List.of("json");
      case CSV -> List.of("csv", "tsv");
      case TEXT -> List.of("txt");
      case PARQUET -> List.of("parquet");
      case ARROW -> List.of("arrow", "feather");
    };
  }

  /**
   * The format of a file, by its name alone.
   *
   * @throws DataException if the ending is not known; the message lists those that are
   */
  public static FileFormat of(Path file) {
    return find(file)
        .orElseThrow(() ->
            new DataException(
                file,
                "expected a name that ends in "
                    + Arrays.stream(values())
                        .flatMap(format -> format.endings().stream())
                        .map(ending -> "." + ending)
                        .collect(Collectors.joining(", "))
                    + ", the text formats also with .gz or .zst after it, got \""
                    + file.getFileName()
                    + '"'));
  }

  /** The format of a file, by its name alone, or nothing where the ending is not known. */
  public static Optional<FileFormat> find(Path file) {
    String name = Compression.bareName(file);
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> name.contains(".") && format.endings().contains(ending))
        .filter(format -> format.isText() || Compression.of(file) == Compression.NONE)
        .findFirst();
  }

  /** Whether it is text, which may be packed as a whole; the others pack their own columns. */
  public boolean isText() {
    return this != PARQUET && this != ARROW;
  }
}
