package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records are read, and how they become examples.
 *
 * @param files JSONL files, plain or {@code .gz}, read in this order
 * @param template renders conversations
 * @param textField the column of plain text ({@code dataset_text_field}), or null to tell the kind
 *     of record by its columns
 * @param maxLength the most tokens of an example
 * @param truncation what happens to longer ones
 * @param onBadRecord what happens at a record that cannot be read
 */
public record DataOptions(
    List<Path> files,
    ChatTemplate template,
    @Nullable String textField,
    int maxLength,
    Truncation truncation,
    OnBadRecord onBadRecord) {
  /** Copies the list and checks that there is a file and room for a target. */
  public DataOptions {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new DataException("data: expected at least one file, got none");
    }
    if (maxLength < 2) {
      throw new DataException("max_length: expected at least 2, got " + maxLength);
    }
  }

  /** Cuts what is too long, and ends at a bad record. */
  public static DataOptions of(List<Path> files, ChatTemplate template, int maxLength) {
    return new DataOptions(
        files, template, null, maxLength, Truncation.KEEP_START, OnBadRecord.ERROR);
  }
}
