package dev.hlotune.trainer.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * One split of a data set of the hub, on this machine.
 *
 * @param id {@code owner/name}
 * @param commit what the revision stood for, 40 hexadecimal digits
 * @param config the configuration that was read
 * @param split the split that was read
 * @param format how the files are to be read: {@code json} (JSON Lines as well), {@code csv},
 *     {@code parquet}, {@code arrow} or {@code text}; the name of a file says how it is compressed
 * @param files paths in the cache, in the order of the data; their names are those of the
 *     repository
 * @param notes what the user should know, one line each, such as that the hub's own conversion was
 *     read
 */
public record DatasetFiles(
    String id,
    String commit,
    String config,
    String split,
    String format,
    List<Path> files,
    List<String> notes) {

  /** Copies the lists. */
  public DatasetFiles {
    files = List.copyOf(files);
    notes = List.copyOf(notes);
  }
}
