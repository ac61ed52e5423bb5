package dev.hlotune.trainer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, and the commit it was built from where the build knew it. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  /** Read by picocli, by reflection, for {@code --version}. */
  Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  /** One line: {@code hlotune 0.1.0 (1a2b3c4)}; the part in parentheses only if known. */
  static String line() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "version: expected resource '" + RESOURCE + "' in the build, got none");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String commit = properties.getProperty("commit", "").strip();
    String version = "hlotune " + properties.getProperty("version");
    return commit.isEmpty() ? version : version + " (" + commit + ")";
  }
}
