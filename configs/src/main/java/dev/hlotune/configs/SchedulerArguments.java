package dev.hlotune.configs;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The further settings of a schedule, by their names in transformers; each schedule has some of
 * them.
 *
 * @param cycles {@code num_cycles}: waves of a cosine, or how often it starts again
 * @param finalRate {@code min_lr} or {@code lr_end}: the rate at the end
 * @param finalShare {@code min_lr_rate} or {@code min_lr_ratio}: the same as a share of the highest
 * @param warmupStart {@code warmup_lr_rate}: the share of the highest that a warm-up begins with
 * @param power {@code power} of what is left of the run
 * @param timescale {@code timescale}: updates in which the rate falls by the root of 2
 * @param stableSteps {@code num_stable_steps}: updates at the highest rate
 * @param decaySteps {@code num_decay_steps}: updates over which the rate falls
 * @param warmupCurve {@code warmup_type} of a course with a stretch at the highest
 * @param logWarmup whether {@code warmup_type} of the others is {@code log}
 * @param decayCurve {@code decay_type}
 */
public record SchedulerArguments(
    Optional<Double> cycles,
    Optional<Double> finalRate,
    Optional<Double> finalShare,
    Optional<Double> warmupStart,
    Optional<Double> power,
    Optional<Integer> timescale,
    Optional<Interval> stableSteps,
    Optional<Interval> decaySteps,
    Curve warmupCurve,
    boolean logWarmup,
    Curve decayCurve) {

  /** The course of a stretch of {@code warmup_stable_decay}. */
  public enum Curve implements Spelled {
    /** A straight line. */
    LINEAR("linear"),
    /** Part of a cosine wave. */
    COSINE("cosine"),
    /** One less the root of what is done. */
    ONE_MINUS_SQRT("1-sqrt");

    private final String spellings;

    Curve(String spellings) {
      this.spellings = spellings;
    }

    @Override
    public String spellings() {
      return spellings;
    }
  }

  /** The course of a warm-up before a course of another kind. */
  private enum Rise implements Spelled {
    LINEAR("linear"),
    LOG("log");

    private final String spellings;

    Rise(String spellings) {
      this.spellings = spellings;
    }

    @Override
    public String spellings() {
      return spellings;
    }
  }

  private static final Key<Rise> RISE =
      Key.preset(
          "warmup_type",
          Choice.of(Rise.values()),
          Rise.LINEAR,
          "A straight line, or DeepSpeed's logarithm of the step.");

  private static final Key<Double> CYCLES =
      Key.optional("num_cycles", RealNumber.above(0), "Waves of the cosine.");

  private static final Key<Integer> RESTARTS =
      Key.optional("num_cycles", WholeNumber.atLeast(1), "How many waves.");

  private static final Key<Double> MIN_LR =
      Key.optional("min_lr", RealNumber.atLeast(0), "The rate at the end.");

  private static final Key<Double> LR_END =
      Key.optional("lr_end", RealNumber.atLeast(0), "The rate at the end.");

  private static final Key<Double> MIN_LR_RATE =
      Key.optional("min_lr_rate", RealNumber.share(), "The same as a share.");

  private static final Key<Double> MIN_LR_RATIO =
      Key.optional("min_lr_ratio", RealNumber.share(), "The rate at both ends as a share.");

  private static final Key<Double> WARMUP_START =
      Key.optional("warmup_lr_rate", RealNumber.share(), "The share that the warm-up begins with.");

  private static final Key<Double> POWER =
      Key.optional("power", RealNumber.above(0), "The power of what is left.");

  private static final Key<Integer> TIMESCALE =
      Key.optional("timescale", WholeNumber.atLeast(1), "Updates of the first fall.");

  private static final Key<Interval> STABLE =
      Key.optional("num_stable_steps", new IntervalType(true), "Updates at the highest rate.");

  private static final Key<Interval> DECAY =
      Key.optional("num_decay_steps", new IntervalType(true), "Updates over which it falls.");

  private static final Key<Curve> WARMUP_CURVE =
      Key.preset("warmup_type", Choice.of(Curve.values()), Curve.LINEAR, "How it rises.");

  private static final Key<Curve> DECAY_CURVE =
      Key.preset("decay_type", Choice.of(Curve.values()), Curve.COSINE, "How it falls.");

  private static List<Key<?>> known(SchedulerKind kind) {
    return switch (kind) {
      case CONSTANT -> List.of();
      case CONSTANT_WITH_WARMUP, LINEAR -> List.of(RISE);
      case COSINE -> List.of(CYCLES, RISE);
      case COSINE_WITH_MIN_LR -> List.of(CYCLES, MIN_LR, MIN_LR_RATE);
      case COSINE_WARMUP_WITH_MIN_LR -> List.of(CYCLES, MIN_LR, MIN_LR_RATE, WARMUP_START);
      case COSINE_WITH_RESTARTS -> List.of(RESTARTS);
      case POLYNOMIAL -> List.of(LR_END, POWER);
      case INVERSE_SQRT -> List.of(TIMESCALE);
      case WARMUP_STABLE_DECAY ->
          List.of(DECAY, STABLE, WARMUP_CURVE, DECAY_CURVE, MIN_LR_RATIO, CYCLES);
    };
  }

  static Arguments read(SchedulerKind kind, Map<String, String> given) {
    return Arguments.read(
        OptimizerKeys.SCHEDULER_ARGUMENTS,
        "'lr_scheduler_type' '" + kind.spelled() + "'",
        known(kind),
        given);
  }

  static SchedulerArguments of(Settings settings) {
    return new SchedulerArguments(
        settings.find(CYCLES).or(() -> settings.find(RESTARTS).map(Integer::doubleValue)),
        settings.find(MIN_LR).or(() -> settings.find(LR_END)),
        settings.find(MIN_LR_RATE).or(() -> settings.find(MIN_LR_RATIO)),
        settings.find(WARMUP_START),
        settings.find(POWER),
        settings.find(TIMESCALE),
        settings.find(STABLE),
        settings.find(DECAY),
        settings.get(WARMUP_CURVE),
        settings.get(RISE) == Rise.LOG,
        settings.get(DECAY_CURVE));
  }
}
