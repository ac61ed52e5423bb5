package dev.hlotune.trainer.tasks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists that lie beside these classes. */
final class Resources {
  private Resources() {}

  /** The lines of a list, without empty ones and comments. */
  static List<String> lines(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("tasks: " + name + " is not among the resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("tasks: " + name + " cannot be read: " + e.getMessage(), e);
    }
  }
}
