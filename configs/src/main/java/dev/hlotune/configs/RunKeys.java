package dev.hlotune.configs;

import java.nio.file.Path;

/** The keys of evaluation, logging, output and the machine. */
final class RunKeys {
  private RunKeys() {}

  static final Key<EvaluationStrategy> EVAL_STRATEGY =
      Key.optional(
              "eval_strategy",
              Choice.of(EvaluationStrategy.values()),
              "When the loss on held-out data is measured. Without it: 'steps' where 'eval_steps'"
                  + " is given, 'epoch' where there is held-out data, else 'no'.")
          .alias("evaluation_strategy");

  static final Key<Interval> EVAL_STEPS =
      Key.optional(
              "eval_steps",
              new IntervalType(false),
              "Updates between two evaluations; below 1, a share of the run. Without it,"
                  + " 'logging_steps'.")
          .alias("evaluation_steps", "eval_every");

  static final Key<Integer> MAX_EVAL_SAMPLES =
      Key.optional(
          "max_eval_samples",
          WholeNumber.atLeast(1),
          "At most so many held-out examples are measured, the first of them. Without it, all.");

  static final Key<Integer> EVAL_GENERATE_SAMPLES =
      Key.preset(
              "eval_generate_samples",
              WholeNumber.atLeast(0),
              0,
              "Held-out questions answered greedily at the end, to count the answers that match"
                  + " exactly.")
          .alias("eval_exact_match");

  static final Key<GenerateStrategy> EVAL_GENERATE_STRATEGY =
      Key.preset(
          "eval_generate_strategy",
          Choice.of(GenerateStrategy.values()),
          GenerateStrategy.END,
          "When those questions are answered: at the 'end' alone, or at every 'eval' too, to see in"
              + " samples.jsonl and the report how answers change. That takes its time at each.");

  static final Key<Integer> MAX_NEW_TOKENS =
      Key.preset(
          "max_new_tokens", WholeNumber.atLeast(1), 64, "The longest greedy answer, in tokens.");

  static final Key<Interval> LOGGING_STEPS =
      Key.preset(
              "logging_steps",
              new IntervalType(false),
              Interval.ofSteps(10),
              "Updates between two lines of metrics.jsonl; below 1, a share of the run.")
          .alias("log_steps");

  static final Key<Boolean> LOGGING_FIRST_STEP =
      Key.preset(
          "logging_first_step", new Flag(), false, "Whether the first update is logged as well.");

  static final Key<Path> OUTPUT_DIR =
      Key.preset(
              "output_dir",
              new FilePath(false),
              Path.of("trainer_output"),
              "Where metrics.jsonl, run.json and the trained model go.")
          .alias("output", "save_directory");

  static final Key<Boolean> OVERWRITE_OUTPUT_DIR =
      Key.preset(
          "overwrite_output_dir",
          new Flag(),
          false,
          "Whether an output directory that holds an earlier run may be written over.");

  static final Key<FileSize> MAX_SHARD_SIZE =
      Key.preset(
          "max_shard_size",
          new FileSizeType(),
          new FileSize(50_000_000_000L),
          "How large a file of the trained model's weights may be; a larger model is saved in"
              + " several, with an index.");

  static final Key<SaveType> SAVE_DTYPE =
      Key.preset(
          "save_dtype",
          Choice.of(SaveType.values()),
          SaveType.AUTO,
          "The number format of the trained model's weights. 'auto' is that of the base model's"
              + " files, tensor by tensor, and float32 for a model that has none.");

  static final Key<Integer> SEED =
      Key.preset(
          "seed",
          WholeNumber.atLeast(0),
          42,
          "The seed of random weights, and of the data order unless 'data_seed' is given.");

  static final Key<Integer> DATA_SEED =
      Key.optional(
              "data_seed",
              WholeNumber.atLeast(0),
              "The seed of the data order. Without it, 'seed'.")
          .alias("shuffle_seed", "shuffle_seed_train");

  static final Key<Platform> PLATFORM =
      Key.preset(
          "platform",
          Choice.of(Platform.values()),
          Platform.CPU,
          "The kind of device; its plugin is installed on first use.");

  static final Key<Path> PLUGIN =
      Key.optional(
          "plugin",
          new FilePath(true),
          "A PJRT plugin file. Without it, the one HLOTUNE_PLUGIN names, else the installed one.");

  static final Key<Boolean> OFFLINE =
      Key.preset("offline", new Flag(), false, "Whether the network is left alone.");

  static final Key<Path> COMPILED_ARCHIVE =
      Key.optional(
          "compiled_archive",
          new FilePath(true),
          "An archive that 'hlotune compile' wrote, of whose programs none is compiled again; it"
              + " must be for these devices and this plugin. Without it, what is not in the cache"
              + " is compiled.");

  static final Key<Path> CACHE_DIR =
      Key.optional(
          "cache_dir",
          new FilePath(false),
          "Where compiled programs and prepared data are kept. Without it,"
              + " $XDG_CACHE_HOME/hlotune or ~/.cache/hlotune.");
}
