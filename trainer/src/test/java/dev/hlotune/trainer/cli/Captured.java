package dev.hlotune.trainer.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A console whose text can be looked at. */
final class Captured {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console;

  Captured(boolean terminal, int width) {
    this(terminal, width, TextStyle.PLAIN);
  }

  Captured(boolean terminal, int width, TextStyle style) {
    console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            width,
            style);
  }

  static Captured plain() {
    return new Captured(false, 80);
  }

  /** A terminal with colours, on which nothing changes in place. */
  static Captured coloured() {
    return new Captured(false, 80, TextStyle.COLOURED);
  }

  Console console() {
    return console;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
