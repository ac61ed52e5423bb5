package dev.hlotune.configs;

/** The keys of the update rule and the learning rate. */
final class OptimizerKeys {
  private OptimizerKeys() {}

  static final Key<Double> EPOCHS =
      Key.preset(
              "num_train_epochs",
              RealNumber.above(0),
              3.0,
              "Passes over the data; fractions are fine. 'max_steps' overrides it.")
          .alias("num_epochs", "epochs");

  static final Key<Integer> MAX_STEPS =
      Key.preset(
              "max_steps",
              WholeNumber.atLeast(-1),
              -1,
              "Updates in the whole run; -1 leaves it to 'num_train_epochs'.")
          .alias("max_training_steps", "num_iterations");

  static final Key<Double> LEARNING_RATE =
      Key.preset(
              "learning_rate",
              RealNumber.above(0),
              2e-5,
              "The highest learning rate, reached after the warm-up.")
          .alias("lr");

  static final Key<SchedulerKind> SCHEDULER =
      Key.preset(
              "lr_scheduler_type",
              Choice.of(SchedulerKind.values()),
              SchedulerKind.LINEAR,
              "The course of the learning rate after the warm-up.")
          .alias("lr_scheduler", "scheduler");

  static final Key<Double> MIN_LR =
      Key.optional(
              "min_lr",
              RealNumber.atLeast(0),
              "The learning rate at the end of 'linear' and 'cosine'. Without it, 0.")
          .alias("learning_rate_end");

  static final Key<Double> MIN_LR_RATE =
      Key.optional(
          "min_lr_rate",
          RealNumber.share(),
          "As 'min_lr', as a share of 'learning_rate'; one of the two. Without it, 0.");

  static final Key<Interval> WARMUP =
      Key.preset(
              "warmup_steps",
              new IntervalType(true),
              new Interval(0),
              "Updates over which the learning rate rises from 0; below 1, a share of the run.")
          .alias(new Alias("warmup_ratio", false, OptimizerKeys::ratio));

  /** The ratio 1.0 would read as one step under the new spelling. */
  private static String ratio(String text) {
    return Double.toString(RealNumber.share().parse(text));
  }

  static final Key<OptimizerKind> OPTIMIZER =
      Key.preset(
              "optim", Choice.of(OptimizerKind.values()), OptimizerKind.ADAMW, "The update rule.")
          .alias("optimizer");

  static final Key<Double> BETA1 =
      Key.preset("adam_beta1", RealNumber.share(), 0.9, "AdamW's decay rate of the mean gradient.")
          .alias("beta1");

  static final Key<Double> BETA2 =
      Key.preset(
              "adam_beta2",
              RealNumber.share(),
              0.999,
              "AdamW's decay rate of the mean squared gradient.")
          .alias("beta2");

  static final Key<Double> EPSILON =
      Key.preset(
              "adam_epsilon", RealNumber.above(0), 1e-8, "AdamW's term against division by zero.")
          .alias("adam_eps");

  static final Key<Double> MOMENTUM =
      Key.preset(
          "momentum",
          RealNumber.share(),
          0.0,
          "SGD's momentum; 0 is none. AdamW has its betas instead.");

  static final Key<Double> WEIGHT_DECAY =
      Key.preset(
          "weight_decay",
          RealNumber.atLeast(0),
          0.0,
          "AdamW's decoupled weight decay, on matrices only: no biases and no norms.");

  static final Key<Double> MAX_GRAD_NORM =
      Key.preset(
              "max_grad_norm",
              RealNumber.atLeast(0),
              1.0,
              "The global norm that gradients are clipped to; 0 is no clipping.")
          .alias("clip_grad", "gradient_clipping");
}
