package dev.hlotune.configs;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How records are put together.
 *
 * @param trainBatchSize rows of {@code max_length} in one micro-batch, for each of the devices that
 *     share one
 * @param evalBatchSize the same for held-out data
 * @param gradientAccumulationSteps micro-batches in one update
 * @param packing whether several records share a row
 * @param maxBuckets the most shapes compiled
 * @param groupByLength without packing: whether a batch holds records of about one length
 * @param shuffle whether each epoch has its own order
 * @param undecided rows of all devices together, where it is not known yet how many share them. The
 *     first three are not known before {@link SftConfig#on} then
 */
public record BatchConfig(
    int trainBatchSize,
    int evalBatchSize,
    int gradientAccumulationSteps,
    boolean packing,
    int maxBuckets,
    boolean groupByLength,
    boolean shuffle,
    Optional<UpdateRows> undecided) {

  public BatchConfig {
    new Checks()
        .within(DataKeys.TRAIN_BATCH_SIZE, trainBatchSize)
        .within(DataKeys.EVAL_BATCH_SIZE, evalBatchSize)
        .within(DataKeys.ACCUMULATION, gradientAccumulationSteps)
        .within(DataKeys.MAX_BUCKETS, maxBuckets)
        .done();
  }

  /**
   * What the settings say.
   *
   * @param shares how many devices share a micro-batch; empty where it is not known yet
   */
  static BatchConfig of(Settings settings, OptionalInt shares) {
    UpdateRows rows = UpdateRows.of(settings);
    boolean waits = rows.dependsOnDevices() && shares.isEmpty();
    UpdateRows.Split split = waits ? UpdateRows.Split.UNKNOWN : rows.on(shares.orElse(1));
    return new BatchConfig(
        split.rows(),
        split.evaluation(),
        split.accumulation(),
        settings.get(DataKeys.PACKING),
        settings.get(DataKeys.MAX_BUCKETS),
        settings.get(DataKeys.GROUP_BY_LENGTH),
        settings.get(DataKeys.SHUFFLE),
        waits ? Optional.of(rows) : Optional.empty());
  }

  /**
   * The same on so many devices.
   *
   * @param shares how many devices share a micro-batch
   * @throws ConfigException where the rows of all do not divide
   */
  BatchConfig on(int shares) {
    if (undecided.isEmpty()) {
      return this;
    }
    UpdateRows.Split split = undecided.get().on(shares);
    return new BatchConfig(
        split.rows(),
        split.evaluation(),
        split.accumulation(),
        packing,
        maxBuckets,
        groupByLength,
        shuffle,
        Optional.empty());
  }

  /**
   * Rows of one micro-batch on one device.
   *
   * @throws IllegalStateException before the devices are known, where it depends on them
   */
  @Override
  public int trainBatchSize() {
    return decided(trainBatchSize);
  }

  /**
   * The same of held-out data.
   *
   * @throws IllegalStateException as {@link #trainBatchSize}
   */
  @Override
  public int evalBatchSize() {
    return decided(evalBatchSize);
  }

  /**
   * Micro-batches of one update.
   *
   * @throws IllegalStateException as {@link #trainBatchSize}
   */
  @Override
  public int gradientAccumulationSteps() {
    return decided(gradientAccumulationSteps);
  }

  private int decided(int value) {
    if (undecided.isPresent()) {
      throw new IllegalStateException(
          "batches: expected the number of devices to be known; SftConfig.on() tells it");
    }
    return value;
  }

  /** The same with packing, or without. */
  public BatchConfig packing(boolean other) {
    return new BatchConfig(
        trainBatchSize,
        evalBatchSize,
        gradientAccumulationSteps,
        other,
        maxBuckets,
        groupByLength,
        shuffle,
        undecided);
  }

  void addTo(Values values) {
    if (undecided.isPresent()) {
      undecided.get().addTo(values);
    } else {
      values
          .put(DataKeys.TRAIN_BATCH_SIZE, trainBatchSize)
          .put(DataKeys.EVAL_BATCH_SIZE, evalBatchSize)
          .put(DataKeys.ACCUMULATION, gradientAccumulationSteps);
    }
    values
        .put(DataKeys.PACKING, packing)
        .put(DataKeys.MAX_BUCKETS, maxBuckets)
        .put(DataKeys.GROUP_BY_LENGTH, groupByLength)
        .put(DataKeys.SHUFFLE, shuffle);
  }
}
