package dev.hlotune.configs;

/**
 * How records are put together.
 *
 * @param trainBatchSize rows of {@code max_length} in one micro-batch
 * @param evalBatchSize the same for held-out data
 * @param gradientAccumulationSteps micro-batches in one update
 * @param packing whether several records share a row
 * @param maxBuckets the most shapes compiled
 * @param groupByLength without packing: whether a batch holds records of about one length
 * @param shuffle whether each epoch has its own order
 */
public record BatchConfig(
    int trainBatchSize,
    int evalBatchSize,
    int gradientAccumulationSteps,
    boolean packing,
    int maxBuckets,
    boolean groupByLength,
    boolean shuffle) {

  public BatchConfig {
    new Checks()
        .within(DataKeys.TRAIN_BATCH_SIZE, trainBatchSize)
        .within(DataKeys.EVAL_BATCH_SIZE, evalBatchSize)
        .within(DataKeys.ACCUMULATION, gradientAccumulationSteps)
        .within(DataKeys.MAX_BUCKETS, maxBuckets)
        .done();
  }

  static BatchConfig of(Settings settings) {
    UpdateRows update = UpdateRows.of(settings);
    return new BatchConfig(
        update.rows(),
        settings.find(DataKeys.EVAL_BATCH_SIZE).orElse(update.rows()),
        update.accumulation(),
        settings.get(DataKeys.PACKING),
        settings.get(DataKeys.MAX_BUCKETS),
        settings.get(DataKeys.GROUP_BY_LENGTH),
        settings.get(DataKeys.SHUFFLE));
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
        shuffle);
  }

  void addTo(Values values) {
    values
        .put(DataKeys.TRAIN_BATCH_SIZE, trainBatchSize)
        .put(DataKeys.EVAL_BATCH_SIZE, evalBatchSize)
        .put(DataKeys.ACCUMULATION, gradientAccumulationSteps)
        .put(DataKeys.PACKING, packing)
        .put(DataKeys.MAX_BUCKETS, maxBuckets)
        .put(DataKeys.GROUP_BY_LENGTH, groupByLength)
        .put(DataKeys.SHUFFLE, shuffle);
  }
}
