package dev.hlotune.trainer.loop;

import dev.hlotune.configs.BatchConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.BucketLadder;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanOptions;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.data.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The tokenizer and the data sets of a run, tokenized and planned into batches.
 *
 * @param tokenizer encodes text
 * @param train training examples
 * @param plan their batches
 * @param heldOut examples that are not trained on
 * @param heldOutPlan their batches, one to a program call
 */
record DataSets(
    Tokenizer tokenizer,
    PreparedData train,
    BatchPlan plan,
    Optional<PreparedData> heldOut,
    Optional<BatchPlan> heldOutPlan)
    implements AutoCloseable {

  /**
   * Opens what the recipe names.
   *
   * @param cache where prepared data is kept
   * @throws CancellationException if asked to stop meanwhile
   */
  static DataSets open(
      SftConfig config,
      CausalModel model,
      int width,
      Path cache,
      RunObserver observer,
      AtomicBoolean stop) {
    Tokenizer tokenizer = Tokenizer.load(config.model().tokenizerPath(), cache);
    List<PreparedData> prepared = new ArrayList<>();
    try {
      prepared.add(
          prepare(config, config.data().dataset(), tokenizer, model, cache, observer, stop));
      config
          .data()
          .evalDataset()
          .ifPresent(
              file -> prepared.add(prepare(config, file, tokenizer, model, cache, observer, stop)));
      return planned(config, width, tokenizer, prepared);
    } catch (RuntimeException e) {
      prepared.forEach(PreparedData::close);
      tokenizer.close();
      throw e;
    }
  }

  /** Plans the batches of training data and, where there is a second set, of held-out data. */
  private static DataSets planned(
      SftConfig config, int width, Tokenizer tokenizer, List<PreparedData> prepared) {
    PreparedData train = prepared.getFirst();
    Optional<PreparedData> heldOut = prepared.stream().skip(1).findFirst();
    BatchConfig batch = config.batch();
    BucketCost cost = BucketCost.forWidth(width);
    int length = config.data().maxLength();
    BatchPlan plan =
        BatchPlan.of(
            train,
            ladder(LengthHistogram.of(train), batch, batch.trainBatchSize(), length, cost),
            new PlanOptions(
                batch.packing(),
                batch.shuffle(),
                batch.groupByLength(),
                config.machine().dataSeed(),
                batch.gradientAccumulationSteps()));
    Optional<BatchPlan> heldOutPlan =
        heldOut.map(data ->
            BatchPlan.of(
                data,
                ladder(LengthHistogram.of(data), batch, batch.evalBatchSize(), length, cost),
                PlanOptions.sequential(batch.packing())));
    return new DataSets(tokenizer, train, plan, heldOut, heldOutPlan);
  }

  private static BucketLadder ladder(
      LengthHistogram lengths, BatchConfig batch, int rows, int maxLength, BucketCost cost) {
    return batch.packing()
        ? BucketLadder.packed(lengths, rows, maxLength, batch.maxBuckets(), cost)
        : BucketLadder.unpacked(lengths, rows, maxLength, batch.maxBuckets(), cost);
  }

  private static PreparedData prepare(
      SftConfig config,
      Path file,
      Tokenizer tokenizer,
      CausalModel model,
      Path cache,
      RunObserver observer,
      AtomicBoolean stop) {
    String activity = "tokenizing " + file.getFileName();
    PreparedData data =
        PreparedData.open(
            Recipes.data(config, file),
            tokenizer,
            model.vocabulary(),
            cache,
            config.data().numProc().orElseGet(Runtime.getRuntime()::availableProcessors),
            (bytes, total, _) -> {
              if (stop.get()) {
                throw new CancellationException("asked to stop");
              }
              observer.on(new RunEvent.Progressed(activity, bytes, total));
            });
    data.statistics().reports().forEach(report -> observer.on(new RunEvent.Noted(report)));
    return data;
  }

  /** How many records gave no example, by reason. */
  Map<String, Long> left() {
    PreparationStatistics statistics = train.statistics();
    Map<String, Long> left = new LinkedHashMap<>();
    for (DropReason reason : DropReason.values()) {
      Long count = statistics.dropped().get(reason);
      if (count != null && count > 0) {
        left.put(reason.label(), count);
      }
    }
    return left;
  }

  @Override
  public void close() {
    heldOut.ifPresent(PreparedData::close);
    train.close();
    tokenizer.close();
  }
}
