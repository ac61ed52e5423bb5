package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory that a run writes to. */
final class OutputDirectory {
  private OutputDirectory() {}

  /**
   * Creates it, or takes it over from an earlier run.
   *
   * @throws ConfigException if it holds the results of a run and {@code overwrite} is not set
   */
  static void claim(Path directory, boolean overwrite) throws IOException {
    if (!overwrite
        && (Files.exists(directory.resolve("metrics.jsonl"))
            || Files.exists(directory.resolve("final")))) {
      throw ConfigException.of(
          "'output_dir': expected a directory without results, got '"
              + directory
              + "' with those of an earlier run; name another, or give --overwrite_output_dir true");
    }
    Files.createDirectories(directory);
  }
}
