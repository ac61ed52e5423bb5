package dev.hlotune.trainer;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the checkout under test lies. */
public final class Repository {
  private Repository() {}

  /** The folder of the root {@code pom.xml}, from Maven or, in an IDE, from the working folder. */
  public static Path root() {
    String property = System.getProperty("hlotune.root", "");
    if (!property.isEmpty()) {
      return Path.of(property);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "repository: expected 'mvnw' in the working folder or above it, got none");
      }
      folder = parent;
    }
    return folder;
  }
}
