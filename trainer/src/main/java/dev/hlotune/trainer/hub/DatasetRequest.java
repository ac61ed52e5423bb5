package dev.hlotune.trainer.hub;

import java.util.List;
import java.util.Optional;

/**
 * What is wanted of a data set on the hub.
 *
 * @param id {@code owner/name}
 * @param config one of its configurations; empty takes the default one
 * @param split one of its splits, such as {@code train}
 * @param revision a branch, tag or commit; empty takes {@code main}
 * @param dataDir a folder of the repository to look in, instead of what the repository declares
 * @param dataFiles files of the repository, relative to {@code dataDir}, as patterns; they are the
 *     split {@code train}, instead of what the repository declares
 */
public record DatasetRequest(
    String id,
    Optional<String> config,
    String split,
    Optional<String> revision,
    Optional<String> dataDir,
    List<String> dataFiles) {

  /** Copies the list. */
  public DatasetRequest {
    dataFiles = List.copyOf(dataFiles);
  }

  /** A split of the default configuration. */
  public static DatasetRequest of(String id, String split) {
    return new DatasetRequest(
        id, Optional.empty(), split, Optional.empty(), Optional.empty(), List.of());
  }
}
