package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;

/** How large a value may become, so that a template that runs away ends with an error. */
public final class Limits {
  private static final int CHARACTERS = 1 << 25;
  private static final int ITEMS = 1 << 22;
  private static final int BITS = 1 << 20;

  private Limits() {}

  /** Checks the length of a string that is made, or about to be. */
  public static int length(long length) {
    if (length > CHARACTERS) {
      throw new DataException(
          "text: expected at most " + CHARACTERS + " characters, got " + length);
    }
    return (int) length;
  }

  /** Checks the length of a list that is about to be made. */
  public static int items(long length) {
    if (length > ITEMS) {
      throw new DataException("list: expected at most " + ITEMS + " items, got " + length);
    }
    return (int) length;
  }

  /** Checks the size of an integer that is about to be computed. */
  static void bits(double bits) {
    if (bits > BITS) {
      throw new DataException("integer: expected at most " + BITS + " bits, got " + (long) bits);
    }
  }
}
