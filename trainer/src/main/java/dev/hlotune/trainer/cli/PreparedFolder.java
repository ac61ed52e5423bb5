package dev.hlotune.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The prepared data sets of a cache. Only folders named as those are, by a digest, are looked at: a
 * folder named by mistake loses nothing.
 *
 * @param directory the folder they are in
 */
record PreparedFolder(Path directory) {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  /** The folder of each. */
  List<Path> sets() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> NAME.matcher(String.valueOf(entry.getFileName())).matches())
          .filter(Files::isDirectory)
          .toList();
    }
  }

  /** The bytes of all. */
  long bytes() throws IOException {
    long bytes = 0;
    for (Path set : sets()) {
      bytes += FolderCheck.size(set);
    }
    return bytes;
  }

  /** Deletes all; gives how many there were. */
  int clear() throws IOException {
    List<Path> sets = sets();
    for (Path set : sets) {
      try (Stream<Path> files = Files.walk(set)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    return sets.size();
  }
}
