package dev.hlotune.configs;

/** The keys of checkpoints, resuming and stopping early. */
final class CheckpointKeys {
  private CheckpointKeys() {}

  static final Key<SaveStrategy> STRATEGY =
      Key.preset(
          "save_strategy",
          Choice.of(SaveStrategy.values()),
          SaveStrategy.STEPS,
          "When a checkpoint is saved: never, every 'save_steps', after each epoch, or when an"
              + " evaluation is the best so far. A run that is asked to stop leaves one in any case.");

  static final Key<Interval> STEPS =
      Key.preset(
          "save_steps",
          new IntervalType(false),
          Interval.ofSteps(500),
          "Updates between two checkpoints; below 1, a share of the run.");

  static final Key<Double> MINUTES =
      Key.optional(
          "save_interval_minutes",
          RealNumber.above(0),
          "Minutes after which a checkpoint is saved besides. Without it, time does not matter.");

  static final Key<Boolean> LAST =
      Key.preset(
          "do_last_save",
          new Flag(),
          true,
          "Whether a checkpoint is saved after the last update too, unless 'save_strategy' is 'no'.");

  static final Key<Integer> TOTAL_LIMIT =
      Key.optional(
          "save_total_limit",
          WholeNumber.atLeast(1),
          "The most checkpoints to keep: the oldest go, but never the best one where"
              + " 'load_best_model_at_end' is set. Without it, all stay.");

  static final Key<Boolean> ONLY_MODEL =
      Key.preset(
          "save_only_model",
          new Flag(),
          false,
          "Whether checkpoints hold the model alone, without what it takes to go on from them.");

  static final Key<Boolean> LOAD_BEST =
      Key.preset(
          "load_best_model_at_end",
          new Flag(),
          false,
          "Whether the model of the best evaluation is the one that is left at the end; each"
              + " evaluation that is the best so far is then followed by a checkpoint.");

  static final Key<BestMetric> METRIC =
      Key.preset(
          "metric_for_best_model",
          Choice.of(BestMetric.values()),
          BestMetric.LOSS,
          "What makes one evaluation better than another.");

  static final Key<Boolean> GREATER =
      Key.preset(
          "greater_is_better",
          new Flag(),
          false,
          "Whether a greater 'metric_for_best_model' is the better one.");

  static final Key<Integer> PATIENCE =
      Key.optional(
          "early_stopping_patience",
          WholeNumber.atLeast(1),
          "After so many evaluations in a row that are not better than the best, the run ends."
              + " Without it, it goes on to its last update.");

  static final Key<Double> THRESHOLD =
      Key.preset(
          "early_stopping_threshold",
          RealNumber.atLeast(0),
          0.0,
          "By how much an evaluation must be better to count as such for"
              + " 'early_stopping_patience'.");

  static final Key<Resume> RESUME =
      Key.optional(
              "resume_from_checkpoint",
              new ResumeType(),
              "The checkpoint to go on from: its directory, or 'auto' for the newest whole one in"
                  + " 'output_dir', from the beginning where there is none. Without it, a run begins"
                  + " anew.")
          .alias("resume");

  static final Key<Boolean> ALLOW_CHANGES =
      Key.preset(
          "allow_recipe_changes",
          new Flag(),
          false,
          "Whether a run may go on from a checkpoint of another recipe, with other data or other"
              + " programs. It is then no longer what one run without interruption would have been.");
}
