package dev.hlotune.trainer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data that tests read where it is there and that no test needs: the folder {@code shared} beside
 * the checkout, or the one that system property {@code hlotune.shared} or environment variable
 * {@code HLOTUNE_SHARED} names.
 */
public final class Shared {
  private Shared() {}

  /**
   * The file or folder of that name, relative to the shared folder; the calling test is skipped,
   * with the reason, where it is absent.
   */
  public static Path path(String name) {
    Path path = folder().resolve(name).normalize();
    assumeTrue(Files.exists(path), () -> "shared data: expected '" + path + "', got nothing there");
    return path;
  }

  private static Path folder() {
    String property = System.getProperty("hlotune.shared", "");
    if (!property.isEmpty()) {
      return Path.of(property);
    }
    String variable = System.getenv("HLOTUNE_SHARED");
    return variable == null || variable.isEmpty()
        ? Repository.root().resolve("../shared")
        : Path.of(variable);
  }
}
