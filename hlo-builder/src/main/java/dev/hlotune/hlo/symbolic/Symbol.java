package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.ShapeException;

/**
 * A size that is known when a program is called.
 *
 * @param name lower-case letters, digits and {@code _}, beginning with a letter
 * @param least the least that it may be, at least 1
 * @param most the most that it may be, at least 4: a polynomial is found at three sizes above 1
 */
public record Symbol(String name, int least, int most) {
  /** How many sizes it takes to find a polynomial of second degree. */
  static final int SAMPLES = 3;

  /** Checks the range. */
  public Symbol {
    // Values of the program are called by them, beside its arguments.
    if (!name.matches("[a-z][a-z0-9_]*") || name.matches("arg\\d+")) {
      throw new ShapeException(
          "symbol: expected a lower-case name that is no argument's, got \"" + name + "\"");
    }
    if (least < 1 || most < Math.max(2, least) + SAMPLES - 1) {
      throw new ShapeException(
          "symbol \""
              + name
              + "\": expected a range from at least 1 to at least "
              + (Math.max(2, least) + SAMPLES - 1)
              + ", got "
              + least
              + " to "
              + most);
    }
  }

  /** Whether it may be of that size. */
  public boolean allows(int size) {
    return least <= size && size <= most;
  }

  /** The least size above 1, where programs have lines less. */
  int first() {
    return Math.max(2, least);
  }

  /** A size in the middle, where what was found is put to the test. */
  int middle() {
    return first() + (most - first()) / 2;
  }
}
