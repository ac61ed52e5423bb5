package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;

/** How large a value may become, so that a template that runs away ends with an error. */
public final class Limits {
  private static final int LENGTH = 1 << 26;
  private static final int BITS = 1 << 20;

  private Limits() {}

  /** Checks the length of a string or list that is about to be made. */
  public static int length(long length) {
    if (length > LENGTH) {
      throw new DataException("value: expected at most " + LENGTH + " items, got " + length);
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
