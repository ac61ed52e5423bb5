package dev.hlotune.configs;

import java.nio.file.Path;

/**
 * What is written, and where.
 *
 * @param directory the output directory
 * @param overwrite whether an earlier run there may be written over
 * @param maxShardSize how large a file of weights may be
 * @param saveType the number format of the weights
 * @param loggingSteps updates between two logged steps
 * @param loggingFirstStep whether the first update is logged as well
 */
public record OutputConfig(
    Path directory,
    boolean overwrite,
    FileSize maxShardSize,
    SaveType saveType,
    Interval loggingSteps,
    boolean loggingFirstStep) {

  public OutputConfig {
    new Checks().within(RunKeys.LOGGING_STEPS, loggingSteps).done();
  }

  static OutputConfig of(Settings settings) {
    return new OutputConfig(
        settings.get(RunKeys.OUTPUT_DIR),
        settings.get(RunKeys.OVERWRITE_OUTPUT_DIR),
        settings.get(RunKeys.MAX_SHARD_SIZE),
        settings.get(RunKeys.SAVE_DTYPE),
        settings.get(RunKeys.LOGGING_STEPS),
        settings.get(RunKeys.LOGGING_FIRST_STEP));
  }

  /** A line for each step, in another directory, over what is there. */
  OutputConfig loggingAll(Path other) {
    return new OutputConfig(other, true, maxShardSize, saveType, Interval.ofSteps(1), true);
  }

  /** The same in another directory. */
  public OutputConfig into(Path other) {
    return new OutputConfig(
        other, overwrite, maxShardSize, saveType, loggingSteps, loggingFirstStep);
  }

  /** The same over what is there. */
  public OutputConfig overwriting() {
    return new OutputConfig(
        directory, true, maxShardSize, saveType, loggingSteps, loggingFirstStep);
  }

  void addTo(Values values) {
    values
        .put(RunKeys.OUTPUT_DIR, directory)
        .put(RunKeys.OVERWRITE_OUTPUT_DIR, overwrite)
        .put(RunKeys.MAX_SHARD_SIZE, maxShardSize)
        .put(RunKeys.SAVE_DTYPE, saveType)
        .put(RunKeys.LOGGING_STEPS, loggingSteps)
        .put(RunKeys.LOGGING_FIRST_STEP, loggingFirstStep);
  }
}
