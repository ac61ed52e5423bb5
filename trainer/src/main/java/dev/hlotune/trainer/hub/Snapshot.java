package dev.hlotune.trainer.hub;

import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A commit of a repository and what it holds.
 *
 * @param revision what was asked for
 * @param commit what that stands for
 * @param folder where its files are, or will be
 * @param files all of them by path, fetched or not
 */
record Snapshot(
    Repository repository,
    String revision,
    String commit,
    Path folder,
    Map<String, RemoteFile> files) {

  static Snapshot of(
      Repository repository, String revision, String commit, Path folder, List<RemoteFile> files) {
    return new Snapshot(
        repository,
        revision,
        commit,
        folder,
        files.stream().collect(Collectors.toMap(RemoteFile::path, Function.identity())));
  }

  Snapshot {
    files = Map.copyOf(files);
  }

  boolean has(String path) {
    return files.containsKey(path);
  }

  /** The files of these paths. */
  List<RemoteFile> files(List<String> paths) {
    return paths.stream()
        .map(path -> {
          RemoteFile file = files.get(path);
          if (file == null) {
            throw new DataException(
                "'%s': expected the file '%s' in revision '%s', got none"
                    .formatted(repository.id(), path, revision));
          }
          return file.checked();
        })
        .toList();
  }
}
