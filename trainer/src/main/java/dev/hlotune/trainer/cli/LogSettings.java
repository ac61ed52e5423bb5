package dev.hlotune.trainer.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * What of the libraries' logging reaches the terminal: warnings, one line each, and nothing of the
 * tokenizer library, whose failures come as exceptions too. The JDK makes it, by the name that
 * {@link #install} sets, when something is first logged and not before.
 */
public final class LogSettings {
  private static final String NAME = "java.util.logging.config.class";
  private static final String FILE = "java.util.logging.config.file";
  private static final String SETTINGS =
      """
      handlers=java.util.logging.ConsoleHandler
      .level=WARNING
      ai.djl.level=OFF
      java.util.logging.SimpleFormatter.format=hlotune: %5$s%n
      """;

  /**
   * Reads the settings.
   *
   * @throws IOException never: they are in memory
   */
  public LogSettings() throws IOException {
    LogManager.getLogManager()
        .readConfiguration(
            new ByteArrayInputStream(SETTINGS.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Sets the name, unless the user has settings of their own. */
  static void install() {
    if (System.getProperty(NAME) == null && System.getProperty(FILE) == null) {
      System.setProperty(NAME, "dev.hlotune.trainer.cli.LogSettings");
    }
  }
}
