package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import dev.hlotune.trainer.source.RecordReader;
import dev.hlotune.trainer.source.Slice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Records of one kind.
 *
 * @param name what to call it: as the recipe names it
 * @param files the files, read in this order
 * @param columns what their columns mean
 * @param slice which of their records are read, counted over all files; empty reads all
 */
public record DataSource(
    String name, List<Path> files, RecordColumns columns, Optional<Slice> slice) {
  /** Copies the list and checks that there is a file. */
  public DataSource {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new DataException("data: expected at least one file, got none");
    }
  }

  /** Files whose columns tell what they are. */
  public static DataSource of(List<Path> files) {
    return new DataSource(
        files.isEmpty() ? "" : String.valueOf(files.getFirst().getFileName()),
        files,
        RecordColumns.AUTOMATIC,
        Optional.empty());
  }

  /** Opens one of the files; the rows of a tree of messages come together. */
  RecordReader open(Path file) {
    RecordReader reader = DataFiles.open(file);
    boolean trees = columns.format().map(RecordFormat.OASST::equals).orElse(true);
    return trees && columns.textField().isEmpty() ? new TreeRows(reader, columns) : reader;
  }
}
