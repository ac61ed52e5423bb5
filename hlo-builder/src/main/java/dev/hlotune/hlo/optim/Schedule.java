package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.ShapeException;

/**
 * The learning rate of every step as a factor of its highest, in double precision, as {@code
 * transformers.get_scheduler} gives it. Steps count from 0: the first update uses {@code
 * factor(0)}, which is 0 where there is any warm-up.
 */
public sealed interface Schedule {
  /** The factor of the learning rate for the update that follows {@code step} others. */
  double factor(int step);

  /** The learning rate itself. */
  default double rate(double learningRate, int step) {
    return learningRate * factor(step);
  }

  /** Always the highest. */
  record Constant() implements Schedule {
    @Override
    public double factor(int step) {
      return 1;
    }
  }

  /** Rises over the first {@code warmupSteps} updates, then stays. */
  record ConstantWithWarmup(int warmupSteps) implements Schedule {
    public ConstantWithWarmup {
      requireSteps(warmupSteps, warmupSteps);
    }

    @Override
    public double factor(int step) {
      return step < warmupSteps ? warmup(step, warmupSteps) : 1;
    }
  }

  /** Rises, then falls in a straight line to 0 at {@code totalSteps}. */
  record Linear(int warmupSteps, int totalSteps) implements Schedule {
    public Linear {
      requireSteps(warmupSteps, totalSteps);
    }

    @Override
    public double factor(int step) {
      return step < warmupSteps
          ? warmup(step, warmupSteps)
          : Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
    }
  }

  /**
   * Rises, then falls along half a cosine to {@code minRate} of the highest at {@code totalSteps}
   * (Loshchilov and Hutter 2017, "SGDR", equation 5).
   */
  record Cosine(int warmupSteps, int totalSteps, double minRate) implements Schedule {
    public Cosine {
      requireSteps(warmupSteps, totalSteps);
      if (!(minRate >= 0 && minRate <= 1)) {
        throw new ShapeException("lowest rate: expected between 0 and 1, got " + minRate);
      }
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return warmup(step, warmupSteps);
      }
      double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
      return Math.max(0, cosine * (1 - minRate) + minRate);
    }
  }

  /**
   * A schedule by its name in {@code transformers}: {@code constant}, {@code constant_with_warmup},
   * {@code linear}, {@code cosine} or {@code cosine_with_min_lr}.
   *
   * @param minRate lowest rate as a part of the highest; only {@code cosine_with_min_lr} uses it
   */
  static Schedule named(String name, int warmupSteps, int totalSteps, double minRate) {
    return switch (name) {
      case "constant" -> new Constant();
      case "constant_with_warmup" -> new ConstantWithWarmup(warmupSteps);
      case "linear" -> new Linear(warmupSteps, totalSteps);
      case "cosine" -> new Cosine(warmupSteps, totalSteps, 0);
      case "cosine_with_min_lr" -> new Cosine(warmupSteps, totalSteps, minRate);
      default ->
          throw new ShapeException(
              "schedule: expected constant, constant_with_warmup, linear, cosine or"
                  + " cosine_with_min_lr, got \""
                  + name
                  + "\"");
    };
  }

  /** Warm-up steps for a part of all steps, rounded up as {@code get_warmup_steps} does. */
  static int warmupSteps(double ratio, int totalSteps) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new ShapeException("warm-up ratio: expected between 0 and 1, got " + ratio);
    }
    return (int) Math.ceil(totalSteps * ratio);
  }

  private static double warmup(int step, int warmupSteps) {
    return (double) step / Math.max(1, warmupSteps);
  }

  private static void requireSteps(int warmupSteps, int totalSteps) {
    if (warmupSteps < 0 || totalSteps < 0) {
      throw new ShapeException(
          "schedule: expected no negative number of steps, got "
              + warmupSteps
              + " of warm-up, "
              + totalSteps
              + " in all");
    }
  }
}
