package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

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
          .alias("max_training_steps", "num_iterations", "num_steps");

  static final Key<Double> LEARNING_RATE =
      Key.preset(
              "learning_rate",
              RealNumber.above(0),
              2e-5,
              "The highest learning rate, reached after the warm-up; beside Muon, that of matrices.")
          .alias("lr", "matrix_lr");

  static final Key<Double> INITIAL_FRACTION =
      Key.preset(
          "init_lr_frac",
          RealNumber.above(0),
          1.0,
          "A factor of all learning rates, with which nanochat's fine-tuning begins lower.");

  /** Why some schedules of transformers are refused. */
  private static final String MEASURED =
      "which goes by the measured loss; every rate of a run is known before its first step, so that"
          + " a run can be planned, repeated and resumed";

  static final Key<SchedulerKind> SCHEDULER =
      Key.preset(
              "lr_scheduler_type",
              Choice.of(SchedulerKind.values())
                  .refusing(Map.of("reduce_lr_on_plateau", MEASURED, "greedy", MEASURED)),
              SchedulerKind.LINEAR,
              "The course of the learning rate after the warm-up.")
          .alias("lr_scheduler", "scheduler");

  static final Key<Map<String, String>> SCHEDULER_ARGUMENTS =
      Key.optional(
          "lr_scheduler_kwargs",
          new TextMap(),
          "Further settings of the schedule, as transformers names them. Without it, its presets.");

  static final Key<Double> MIN_LR =
      Key.optional(
              "min_lr",
              RealNumber.atLeast(0),
              "The learning rate at the end of a schedule that falls to one. Without it, 0.")
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
          .alias(
              Alias.reading(
                  "warmup_ratio",
                  List.of("warmup_steps"),
                  (text, _) -> List.of(Assignment.mild("warmup_steps", ratio(text))),
                  "a share of the run; 'warmup_steps' above 0 goes over it"));

  /** The ratio 1.0 would read as one step under the new spelling. */
  private static String ratio(String text) {
    return Double.toString(RealNumber.share().parse(text));
  }

  private static final String PAGED = "whose state moves to the host's memory; use ";

  static final Key<OptimizerKind> OPTIMIZER =
      Key.preset(
              "optim",
              Choice.of(OptimizerKind.values())
                  .refusing(
                      Map.of(
                          "paged_adamw_32bit",
                          PAGED + "'adamw'",
                          "paged_adamw_8bit",
                          PAGED + "'adamw_8bit'",
                          "paged_lion_32bit",
                          PAGED + "'lion'")),
              OptimizerKind.ADAMW,
              "The update rule.")
          .alias("optimizer");

  static final Key<Map<String, String>> OPTIMIZER_ARGUMENTS =
      Key.optional(
          "optim_args",
          new TextMap(),
          "Further settings of the update rule. Without it, its presets.");

  static final Key<ComputeType> STATE_TYPE =
      Key.preset(
              "optim_state_dtype",
              Choice.of(ComputeType.WIDE),
              ComputeType.FLOAT32,
              "The type of mean gradients and momentum; mean squares are always float32.")
          .alias("mu_dtype", "tx_mu_dtype");

  static final Key<Double> EMBEDDING_RATE =
      Key.optional(
          "embedding_lr",
          RealNumber.above(0),
          "Beside Muon, AdamW's rate for embeddings at width 768; it goes with 1/\u221awidth."
              + " Without it, 'learning_rate'.");

  static final Key<Double> UNEMBEDDING_RATE =
      Key.optional(
          "unembedding_lr",
          RealNumber.above(0),
          "As 'embedding_lr', for the head. Without it, 'learning_rate'.");

  static final Key<Double> SCALAR_RATE =
      Key.optional(
          "scalar_lr",
          RealNumber.above(0),
          "Beside Muon, AdamW's rate for biases and norms. Without it, 'learning_rate'.");

  static final Key<List<ParameterGroup>> GROUPS =
      Key.optional(
          "parameter_groups",
          ParameterGroup.LIST,
          "Weights with a rate or a decay of their own. Without it, all are alike.");

  static final Key<Double> BETA1 =
      Key.preset(
              "adam_beta1",
              RealNumber.share(),
              0.9,
              "Decay rate of the mean gradient, of AdamW and Lion.")
          .alias("beta1");

  static final Key<Double> BETA2 =
      Key.preset(
              "adam_beta2",
              RealNumber.share(),
              0.999,
              "Decay rate of AdamW's mean squared gradient, and of Lion's mean.")
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
          "Weight decay, not of biases and norms; decoupled but for SGD. Beside Muon, AdamW's.");

  static final Key<Double> MAX_GRAD_NORM =
      Key.preset(
              "max_grad_norm",
              RealNumber.atLeast(0),
              1.0,
              "The global norm that gradients are clipped to; 0 is no clipping.")
          .alias("clip_grad", "gradient_clipping");
}
