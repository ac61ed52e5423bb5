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

  /** Independent values between minus and plus a bound. */
  record Uniform(double bound) implements Initializer {
    public Uniform {
      if (!(bound >= 0)) {
        throw new IllegalArgumentException(
            "initializer: expected a bound of at least 0, got " + bound);
      }
    }
  }

  /**
   * The Euclidean norm of another weight over the axis that its layer multiplies away, one for each
   * output.
   */
  record NormOf(String weight) implements Initializer {}

  /** Every element the same. */
  record Constant(double value) implements Initializer {}
}
