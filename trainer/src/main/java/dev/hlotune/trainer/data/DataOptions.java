package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which records are read, and how they become examples.
 *
 * @param source the records
 * @param template renders conversations
 * @param supervision what is learned of a record
 * @param maxLength the most tokens of an example
 * @param truncation what happens to longer ones
 * @param onBadRecord what happens at a record that cannot be read
 * @param keepUnlearned whether records stay of which nothing is learned: to be scored, not trained
 *     on
 */
public record DataOptions(
    DataSource source,
    ChatTemplate template,
    Supervision supervision,
    int maxLength,
    Truncation truncation,
    OnBadRecord onBadRecord,
    boolean keepUnlearned) {
  /** Checks that there is room for a target. */
  public DataOptions {
    if (maxLength < 2) {
      throw new DataException("max_length: expected at least 2, got " + maxLength);
    }
  }

  /** Records to be trained on: those of which nothing is learned are left out and counted. */
  public DataOptions(
      DataSource source,
      ChatTemplate template,
      Supervision supervision,
      int maxLength,
      Truncation truncation,
      OnBadRecord onBadRecord) {
    this(source, template, supervision, maxLength, truncation, onBadRecord, false);
  }

  /** Files whose columns tell what they are; cuts what is too long, and ends at a bad record. */
  public static DataOptions of(List<Path> files, ChatTemplate template, int maxLength) {
    return new DataOptions(
        DataSource.of(files),
        template,
        Supervision.DEFAULT,
        maxLength,
        Truncation.KEEP_START,
        OnBadRecord.ERROR);
  }

  /** The same with other records. */
  public DataOptions with(DataSource other) {
    return new DataOptions(
        other, template, supervision, maxLength, truncation, onBadRecord, keepUnlearned);
  }

  /** The same with every record, whether or not anything is learned of it. */
  public DataOptions keepingUnlearned() {
    return new DataOptions(source, template, supervision, maxLength, truncation, onBadRecord, true);
  }

  /** The files that are read. */
  List<Path> files() {
    return source.files();
  }
}
