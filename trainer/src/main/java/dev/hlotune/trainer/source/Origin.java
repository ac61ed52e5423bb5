package dev.hlotune.trainer.source;

import java.nio.file.Path;

/**
 * Where a record was read.
 *
 * @param path the file
 * @param line its line, from 1
 */
public record Origin(Path path, long line) {
  @Override
  public String toString() {
    return path + ":" + line;
  }
}
