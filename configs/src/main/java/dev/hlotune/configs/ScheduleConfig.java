package dev.hlotune.configs;

import java.util.Optional;

/**
 * How long the run is and what learning rate each update has.
 *
 * @param numTrainEpochs passes over the data, where {@code maxSteps} is -1
 * @param maxSteps updates in the whole run, or -1
 * @param learningRate the highest rate
 * @param kind the course after the warm-up
 * @param minLearningRate the rate at the end
 * @param minLearningRateShare the same as a share of {@code learningRate}; at most one of the two
 * @param warmup updates over which the rate rises
 */
public record ScheduleConfig(
    double numTrainEpochs,
    int maxSteps,
    double learningRate,
    SchedulerKind kind,
    Optional<Double> minLearningRate,
    Optional<Double> minLearningRateShare,
    Interval warmup) {

  public ScheduleConfig {
    boolean floor = minLearningRate.isPresent() || minLearningRateShare.isPresent();
    new Checks()
        .within(OptimizerKeys.EPOCHS, numTrainEpochs)
        .within(OptimizerKeys.MAX_STEPS, maxSteps)
        .within(OptimizerKeys.LEARNING_RATE, learningRate)
        .within(OptimizerKeys.MIN_LR, minLearningRate)
        .within(OptimizerKeys.MIN_LR_RATE, minLearningRateShare)
        .require(
            maxSteps != 0,
            "'max_steps': expected at least 1, or -1 for whole epochs, got 0",
            OptimizerKeys.MAX_STEPS)
        .require(
            minLearningRate.isEmpty() || minLearningRateShare.isEmpty(),
            "'min_lr': expected one of 'min_lr' and 'min_lr_rate', got both",
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE)
        .require(
            minLearningRate.orElse(0.0) <= learningRate,
            "'min_lr': expected at most 'learning_rate' "
                + learningRate
                + ", got "
                + minLearningRate.orElse(0.0),
            OptimizerKeys.MIN_LR,
            OptimizerKeys.LEARNING_RATE)
        .require(
            floor || kind != SchedulerKind.COSINE_WITH_MIN_LR,
            "'lr_scheduler_type': expected 'min_lr' or 'min_lr_rate' beside 'cosine_with_min_lr',"
                + " got neither",
            OptimizerKeys.SCHEDULER,
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE)
        .require(
            !floor || !flat(kind),
            "'min_lr': expected a schedule that falls ('linear', 'cosine'), got '"
                + kind.spelled()
                + "'",
            OptimizerKeys.MIN_LR,
            OptimizerKeys.MIN_LR_RATE,
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

  private static boolean flat(SchedulerKind kind) {
    return kind == SchedulerKind.CONSTANT || kind == SchedulerKind.CONSTANT_WITH_WARMUP;
  }

  static ScheduleConfig of(Settings settings) {
    return new ScheduleConfig(
        settings.get(OptimizerKeys.EPOCHS),
        settings.get(OptimizerKeys.MAX_STEPS),
        settings.get(OptimizerKeys.LEARNING_RATE),
        settings.get(OptimizerKeys.SCHEDULER),
        settings.find(OptimizerKeys.MIN_LR),
        settings.find(OptimizerKeys.MIN_LR_RATE),
        settings.get(OptimizerKeys.WARMUP));
  }

  void addTo(Values values) {
    values
        .put(OptimizerKeys.EPOCHS, numTrainEpochs)
        .put(OptimizerKeys.MAX_STEPS, maxSteps)
        .put(OptimizerKeys.LEARNING_RATE, learningRate)
        .put(OptimizerKeys.SCHEDULER, kind)
        .put(OptimizerKeys.MIN_LR, minLearningRate)
        .put(OptimizerKeys.MIN_LR_RATE, minLearningRateShare)
        .put(OptimizerKeys.WARMUP, warmup);
  }

  /** The rate at the end of a schedule that falls. */
  public double finalLearningRate() {
    return minLearningRate.orElse(learningRate * minLearningRateShare.orElse(0.0));
  }
}
