package dev.hlotune.trainer.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version such as {@code 0.1.0}
 * @param commit the commit it was built from; empty where the build did not know it
 */
public record BuildVersion(String version, String commit) {
  private static final String RESOURCE = "version.properties";

  /** The build that runs. */
  public static BuildVersion current() {
    Properties properties = new Properties();
    try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "version: expected resource '" + RESOURCE + "' in the build, got none");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildVersion(
        properties.getProperty("version", ""), properties.getProperty("commit", "").strip());
  }

  /** {@code 0.1.0 (1a2b3c4)}; the part in parentheses only if known. */
  @Override
  public String toString() {
    return commit.isEmpty() ? version : version + " (" + commit + ")";
  }
}
