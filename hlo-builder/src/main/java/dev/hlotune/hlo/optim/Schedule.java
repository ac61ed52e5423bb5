package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.ShapeException;
import java.util.OptionalDouble;

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

  /**
   * Rises with the logarithm of the step, as DeepSpeed's rates do, then goes on as another.
   *
   * @param warmupSteps at least 2 are taken
   * @param then the rates after them
   */
  record LogWarmup(int warmupSteps, Schedule then) implements Schedule {
    public LogWarmup {
      requireSteps(warmupSteps, warmupSteps);
      warmupSteps = Math.max(2, warmupSteps);
    }

    @Override
    public double factor(int step) {
      return step < warmupSteps
          ? 1 / Math.log(warmupSteps) * Math.log(step + 1)
          : then.factor(step);
    }
  }

  /**
   * Rises, then falls in a straight line to {@code minRate} of the highest at {@code totalSteps}; 0
   * in transformers, any rate in {@code optax.linear_schedule}.
   */
  record Linear(int warmupSteps, int totalSteps, double minRate) implements Schedule {
    public Linear {
      requireSteps(warmupSteps, totalSteps);
      requireShare(minRate);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return warmup(step, warmupSteps);
      }
      double left =
          Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
      return left * (1 - minRate) + minRate;
    }
  }

  /**
   * Rises, then falls along a cosine to {@code minRate} of the highest at {@code totalSteps}
   * (Loshchilov and Hutter 2017, "SGDR", equation 5).
   *
   * @param cycles waves until then; half of one ends at the lowest rate
   */
  record Cosine(int warmupSteps, int totalSteps, double cycles, double minRate)
      implements Schedule {
    public Cosine {
      requireSteps(warmupSteps, totalSteps);
      requireShare(minRate);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return warmup(step, warmupSteps);
      }
      double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return wave(progress, cycles, minRate);
    }
  }

  /**
   * As {@link Cosine}, one update ahead of it, and with a warm-up that does not begin at 0.
   *
   * @param start the factor of the first update; empty for the first of equal parts
   */
  record CosineFromRate(
      int warmupSteps, int totalSteps, double cycles, double minRate, OptionalDouble start)
      implements Schedule {
    public CosineFromRate {
      requireSteps(warmupSteps, totalSteps);
      requireShare(minRate);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return start.isEmpty()
            ? (step + 1.0) / Math.max(1, warmupSteps)
            : start.getAsDouble() + (1 - start.getAsDouble()) * step / Math.max(1, warmupSteps - 1);
      }
      double progress = (step - warmupSteps + 1.0) / Math.max(1, totalSteps - warmupSteps);
      return wave(progress, cycles, minRate);
    }
  }

  /**
   * Rises, then falls along half cosines to 0, each from the highest.
   *
   * @param waves how many until {@code totalSteps}
   */
  record CosineWithRestarts(int warmupSteps, int totalSteps, int waves) implements Schedule {
    public CosineWithRestarts {
      requireSteps(warmupSteps, totalSteps);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return warmup(step, warmupSteps);
      }
      double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return progress >= 1 ? 0 : wave(waves * progress % 1, 0.5, 0);
    }
  }

  /** Rises, then falls to {@code minRate} of the highest as a power of what is left. */
  record Polynomial(int warmupSteps, int totalSteps, double power, double minRate)
      implements Schedule {
    public Polynomial {
      requireSteps(warmupSteps, totalSteps);
      requireShare(minRate);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        return warmup(step, warmupSteps);
      }
      double done = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return (1 - minRate) * Math.pow(Math.max(0, 1 - done), power) + minRate;
    }
  }

  /**
   * Rises, then falls with the root of the step.
   *
   * @param timescale updates of the run at which a run without a warm-up has fallen by √2; above 0
   */
  record InverseSqrt(int warmupSteps, int timescale) implements Schedule {
    public InverseSqrt {
      requireSteps(warmupSteps, timescale);
    }

    @Override
    public double factor(int step) {
      return step < warmupSteps
          ? warmup(step, warmupSteps)
          : 1 / Math.sqrt((double) (step + timescale - warmupSteps) / timescale);
    }
  }

  /**
   * A warm-up from {@code minRate} of the highest, a stretch at the highest, and a fall to {@code
   * minRate} again, where it stays (Hu et al. 2024, "MiniCPM", section 4).
   */
  record WarmupStableDecay(
      int warmupSteps,
      int stableSteps,
      int decaySteps,
      Curve rise,
      Curve fall,
      double cycles,
      double minRate)
      implements Schedule {
    public WarmupStableDecay {
      requireSteps(warmupSteps, decaySteps);
      requireSteps(stableSteps, decaySteps);
      requireShare(minRate);
    }

    @Override
    public double factor(int step) {
      if (step < warmupSteps) {
        double done = warmup(step, warmupSteps);
        double risen =
            switch (rise) {
              case LINEAR -> done;
              case COSINE -> 0.5 * (1 - Math.cos(Math.PI * done));
              case ONE_MINUS_SQRT -> 1 - Math.sqrt(1 - done);
            };
        return risen * (1 - minRate) + minRate;
      }
      int falling = step - warmupSteps - stableSteps;
      if (falling < 0) {
        return 1;
      }
      if (falling >= decaySteps) {
        return minRate;
      }
      double done = (double) falling / Math.max(1, decaySteps);
      return switch (fall) {
        case LINEAR -> (1 - done) * (1 - minRate) + minRate;
        case COSINE -> wave(done, cycles, minRate);
        case ONE_MINUS_SQRT -> (1 - Math.sqrt(done)) * (1 - minRate) + minRate;
      };
    }
  }

  /** The course of a rise or fall. */
  enum Curve {
    /** A straight line. */
    LINEAR,
    /** Half a cosine wave. */
    COSINE,
    /** 1 - √x. */
    ONE_MINUS_SQRT
  }

  /** Warm-up steps for a part of all steps, rounded up as {@code get_warmup_steps} does. */
  static int warmupSteps(double ratio, int totalSteps) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new ShapeException("warm-up ratio: expected between 0 and 1, got " + ratio);
    }
    return (int) Math.ceil(totalSteps * ratio);
  }

  private static double wave(double progress, double cycles, double minRate) {
    double cosine = 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
    return Math.max(0, cosine * (1 - minRate) + minRate);
  }

  private static void requireShare(double minRate) {
    if (!(minRate >= 0 && minRate <= 1)) {
      throw new ShapeException("lowest rate: expected between 0 and 1, got " + minRate);
    }
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
