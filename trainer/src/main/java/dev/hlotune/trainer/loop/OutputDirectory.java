package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory that a run writes to. */
final class OutputDirectory {
  private OutputDirectory() {}

  /**
   * Looks whether a run may write there, and whether it can.
   *
   * @throws ConfigException if it holds the results of a run and {@code overwrite} is not set
   * @throws IOException if it cannot be made or written to
   */
  static void check(Path directory, boolean overwrite) throws IOException {
    if (!overwrite && hasResults(directory)) {
      throw ConfigException.of(
          "'output_dir': expected a directory without results, got '"
              + directory
              + "' with those of an earlier run; name another, or give --overwrite_output_dir true");
    }
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new IOException(unusable(directory, "cannot write to '" + existing + "'"));
    }
  }

  private static boolean hasResults(Path directory) throws IOException {
    Path metrics = directory.resolve("metrics.jsonl");
    // A run that failed before its first line left nothing that could be lost.
    return Files.exists(directory.resolve("final"))
        || (Files.exists(metrics) && Files.size(metrics) > 0);
  }

  /**
   * Makes it, where it is not there.
   *
   * @param weights bytes of the model that will be left in it
   * @throws IOException that says why it cannot be made, or that the model will not fit
   */
  static void create(Path directory, long weights) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileSystemException e) {
      String reason = e.getReason();
      throw new IOException(unusable(directory, reason == null ? "cannot be made" : reason), e);
    }
    // Better now than after hours of training.
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < weights) {
      throw new IOException(
          "'output_dir': expected room for the %d bytes of the trained model, got %d bytes free under '%s'; make room or name another"
              .formatted(weights, free, directory));
    }
  }

  private static String unusable(Path directory, String reason) {
    return "'output_dir': expected a directory that can be made and written to, got '%s' (%s)"
        .formatted(directory, reason);
  }
}
