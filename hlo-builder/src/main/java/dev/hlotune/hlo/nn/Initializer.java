package dev.hlotune.hlo.nn;

/** How a weight starts when no checkpoint gives it. */
public sealed interface Initializer {
  /** Independent normal values around zero. */
  record Normal(double standardDeviation) implements Initializer {
    public Normal {
      if (!(standardDeviation >= 0)) {
        throw new IllegalArgumentException(
            "initializer: expected a standard deviation of at least 0, got " + standardDeviation);
      }
    }
  }

  /** Every element the same. */
  record Constant(double value) implements Initializer {}
}
