package dev.hlotune.configs;

/**
 * A number of steps, said outright or as a share of the run, as transformers 5 reads {@code
 * warmup_steps}, {@code logging_steps} and {@code eval_steps}.
 *
 * @param value whole steps where at least 1, a share of all steps where below 1
 */
public record Interval(double value) {

  public Interval {
    if (!(value >= 0) || (value >= 1 && (value != Math.rint(value) || value > Integer.MAX_VALUE))) {
      throw ConfigException.of(
          "interval: expected whole steps, or a share of the run below 1, got " + value);
    }
  }

  /** So many steps. */
  public static Interval ofSteps(int steps) {
    return new Interval(steps);
  }

  /** The steps meant in a run of {@code totalSteps}; a share is rounded up. */
  public int steps(int totalSteps) {
    return value >= 1 ? (int) value : (int) Math.ceil(totalSteps * value);
  }

  @Override
  public String toString() {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
