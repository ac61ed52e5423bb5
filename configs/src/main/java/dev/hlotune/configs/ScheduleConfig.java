package dev.hlotune.configs;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long the run is and what learning rate each update has.
 *
 * @param numTrainEpochs passes over the data, where {@code maxSteps} is -1
 * @param maxSteps updates in the whole run, or -1
 * @param learningRate the rate that groups of weights are relative to
 * @param initialFraction a factor of all rates
 * @param kind the course after the warm-up
 * @param arguments further settings of that course, as written; {@link #schedulerArguments} reads
 *     them
 * @param minLearningRate the rate at the end
 * @param minLearningRateShare the same as a share of {@link #highestRate}; at most one of the two
 * @param warmup updates over which the rate rises
 */
public record ScheduleConfig(
    double numTrainEpochs,
    int maxSteps,
    double learningRate,
    double initialFraction,
    SchedulerKind kind,
    Map<String, String> arguments,
    Optional<Double> minLearningRate,
    Optional<Double> minLearningRateShare,
    Interval warmup) {

  /** What transformers takes where a polynomial has no final rate. */
  private static final double POLYNOMIAL_END = 1e-7;

  public ScheduleConfig {
    arguments = Map.copyOf(arguments);
    Arguments read = SchedulerArguments.read(kind, arguments);
    SchedulerArguments of = SchedulerArguments.of(read.settings());
    long floors =
        Stream.of(minLearningRate, minLearningRateShare, of.finalRate(), of.finalShare())
            .filter(Optional::isPresent)
            .count();
    double floor =
        minLearningRate
            .or(of::finalRate)
            .orElse(kind == SchedulerKind.POLYNOMIAL && floors == 0 ? POLYNOMIAL_END : 0.0);
    double highest = learningRate * initialFraction;
    Checks checks =
        new Checks()
            .within(OptimizerKeys.EPOCHS, numTrainEpochs)
            .within(OptimizerKeys.MAX_STEPS, maxSteps)
            .within(OptimizerKeys.LEARNING_RATE, learningRate)
            .within(OptimizerKeys.INITIAL_FRACTION, initialFraction)
            .within(OptimizerKeys.MIN_LR, minLearningRate)
            .within(OptimizerKeys.MIN_LR_RATE, minLearningRateShare);
    read.problems().forEach(checks::add);
    checks
        .require(
            maxSteps != 0,
            "'max_steps': expected at least 1, or -1 for whole epochs, got 0",
            OptimizerKeys.MAX_STEPS)
        .require(
            floors <= 1,
            minLearningRate.isPresent() && minLearningRateShare.isPresent()
                ? "'min_lr': expected one of 'min_lr' and 'min_lr_rate', got both"
                : "'min_lr': expected the final rate once, got it more than once",
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE,
            OptimizerKeys.SCHEDULER_ARGUMENTS)
        .require(
            floor <= highest,
            "'min_lr': expected at most 'learning_rate' " + highest + ", got " + floor,
            OptimizerKeys.MIN_LR,
            OptimizerKeys.SCHEDULER_ARGUMENTS,
            OptimizerKeys.LEARNING_RATE)
        .require(
            floors > 0
                || (kind != SchedulerKind.COSINE_WITH_MIN_LR
                    && kind != SchedulerKind.COSINE_WARMUP_WITH_MIN_LR),
            "'lr_scheduler_type': expected 'min_lr' or 'min_lr_rate' beside '"
                + kind.spelled()
                + "', got neither",
            OptimizerKeys.SCHEDULER,
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE)
        .require(
            kind.hasFinalRate() || (minLearningRate.isEmpty() && minLearningRateShare.isEmpty()),
            "'min_lr': expected a schedule with a final rate ('linear', 'cosine'), got '"
                + kind.spelled()
                + "'",
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE,
            OptimizerKeys.SCHEDULER)
        .require(
            kind != SchedulerKind.WARMUP_STABLE_DECAY || of.decaySteps().isPresent(),
            "'lr_scheduler_kwargs': expected 'num_decay_steps' beside 'lr_scheduler_type'"
                + " 'warmup_stable_decay', got none",
            OptimizerKeys.SCHEDULER_ARGUMENTS,
            OptimizerKeys.SCHEDULER)
        .require(
            maxSteps <= 0 || warmup.steps(maxSteps) <= maxSteps,
            "'warmup_steps': expected at most 'max_steps' " + maxSteps + ", got " + warmup,
            OptimizerKeys.WARMUP,
            OptimizerKeys.MAX_STEPS)
        .require(
            kind != SchedulerKind.CONSTANT || warmup.value() == 0,
            "'warmup_steps': expected none beside 'constant', got "
                + warmup
                + "; use 'constant_with_warmup'",
            OptimizerKeys.WARMUP,
            OptimizerKeys.SCHEDULER)
        .done();
  }

  static ScheduleConfig of(Settings settings) {
    return new ScheduleConfig(
        settings.get(OptimizerKeys.EPOCHS),
        settings.get(OptimizerKeys.MAX_STEPS),
        settings.get(OptimizerKeys.LEARNING_RATE),
        settings.get(OptimizerKeys.INITIAL_FRACTION),
        settings.get(OptimizerKeys.SCHEDULER),
        settings.find(OptimizerKeys.SCHEDULER_ARGUMENTS).orElse(Map.of()),
        settings.find(OptimizerKeys.MIN_LR),
        settings.find(OptimizerKeys.MIN_LR_RATE),
        settings.get(OptimizerKeys.WARMUP));
  }

  void addTo(Values values) {
    values
        .put(OptimizerKeys.EPOCHS, numTrainEpochs)
        .put(OptimizerKeys.MAX_STEPS, maxSteps)
        .put(OptimizerKeys.LEARNING_RATE, learningRate)
        .put(OptimizerKeys.INITIAL_FRACTION, initialFraction)
        .put(OptimizerKeys.SCHEDULER, kind)
        .put(OptimizerKeys.SCHEDULER_ARGUMENTS, Values.some(arguments))
        .put(OptimizerKeys.MIN_LR, minLearningRate)
        .put(OptimizerKeys.MIN_LR_RATE, minLearningRateShare)
        .put(OptimizerKeys.WARMUP, warmup);
  }

  /** The rate that the schedule's factors multiply: the one after the warm-up. */
  public double highestRate() {
    return learningRate * initialFraction;
  }

  /** The further settings of the course, read. */
  public SchedulerArguments schedulerArguments() {
    return SchedulerArguments.of(SchedulerArguments.read(kind, arguments).settings());
  }

  /** The rate at the end as a share of the highest, where one is given. */
  public Optional<Double> finalShare() {
    SchedulerArguments of = schedulerArguments();
    Optional<Double> rate = minLearningRate.or(of::finalRate);
    boolean given =
        rate.isPresent() || minLearningRateShare.isPresent() || of.finalShare().isPresent();
    return rate.or(() ->
            kind == SchedulerKind.POLYNOMIAL && !given
                ? Optional.of(POLYNOMIAL_END)
                : Optional.empty())
        .map(end -> end / highestRate())
        .or(() -> minLearningRateShare)
        .or(of::finalShare);
  }

  /** The rate at the end of a schedule that falls to a given one; 0 where none is given. */
  public double finalLearningRate() {
    return finalShare().orElse(0.0) * highestRate();
  }
}
