package dev.hlotune.configs;

import java.util.regex.Pattern;

/**
 * Finite decimal numbers between bounds.
 *
 * @param least the lower bound
 * @param leastIncluded whether the lower bound itself is taken
 * @param below the upper bound, never itself taken; infinite reads as none
 */
record RealNumber(double least, boolean leastIncluded, double below) implements KeyType<Double> {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d[\\d_]*(\\.[\\d_]*)?|\\.\\d[\\d_]*)([eE][+-]?\\d+)?");

  static RealNumber atLeast(double least) {
    return new RealNumber(least, true, Double.POSITIVE_INFINITY);
  }

  static RealNumber above(double least) {
    return new RealNumber(least, false, Double.POSITIVE_INFINITY);
  }

  static RealNumber share() {
    return new RealNumber(0, true, 1);
  }

  /** Reads a decimal number as YAML and Python write it; no hexadecimal, infinity or NaN. */
  static double decimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    return Double.parseDouble(text.replace("_", ""));
  }

  @Override
  public String placeholder() {
    return "NUMBER";
  }

  @Override
  public String expectation() {
    if (least == Double.NEGATIVE_INFINITY) {
      return "a number below " + trim(below);
    }
    String low = "a number " + (leastIncluded ? "of at least " : "above ") + trim(least);
    return below == Double.POSITIVE_INFINITY ? low : low + " and below " + trim(below);
  }

  private static String trim(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  @Override
  public Double parse(String text) {
    try {
      double value = decimal(text);
      check(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
  }

  @Override
  public void check(Double value) {
    boolean highEnough = leastIncluded ? value >= least : value > least;
    if (!highEnough || !(value < below)) {
      throw unexpected(value);
    }
  }

  @Override
  public Object plain(Double value) {
    return value;
  }
}
