package dev.hlotune.trainer.jinja.syntax;

import dev.hlotune.trainer.source.DataException;

/** What is wrong with a template, and on which line. */
public final class SyntaxErrors {
  private SyntaxErrors() {}

  /** Something other than what must stand there. */
  public static DataException expected(int line, String expected, String got) {
    return at(line, "expected " + expected + ", got " + got);
  }

  /** Any other mistake on a line. */
  public static DataException at(int line, String message) {
    return new DataException("line " + line + ": " + message);
  }
}
