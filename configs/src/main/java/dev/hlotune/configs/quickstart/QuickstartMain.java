package dev.hlotune.configs.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the quickstart data set: {@code QuickstartMain DIRECTORY}, as a rule {@code
 * configs/quickstart}.
 */
public final class QuickstartMain {
  /** Name of the file with the training conversations. */
  public static final String TRAIN_FILE = "train.jsonl";

  /** Name of the file with the held-out questions. */
  public static final String HELD_OUT_FILE = "heldout.jsonl";

  private QuickstartMain() {}

  /**
   * Writes {@value #TRAIN_FILE} and {@value #HELD_OUT_FILE}.
   *
   * @param arguments the directory to write to, made if it is not there
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          "arguments: expected one directory, got " + arguments.length);
    }
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    QuickstartData data = QuickstartData.generate();
    Files.writeString(directory.resolve(TRAIN_FILE), QuickstartData.toJsonLines(data.train()));
    Files.writeString(directory.resolve(HELD_OUT_FILE), QuickstartData.toJsonLines(data.heldOut()));
  }
}
