package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.DropReason;
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
 * @param heldOut examples that are not trained on
 * @param batches the batches of both
 */
record DataSets(
    Tokenizer tokenizer, PreparedData train, Optional<PreparedData> heldOut, Batches batches)
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
      PreparedData train = prepared.getFirst();
      Optional<PreparedData> heldOut = prepared.stream().skip(1).findFirst();
      return new DataSets(
          tokenizer, train, heldOut, Batches.of(config, width, train, heldOut.map(data -> data)));
    } catch (RuntimeException e) {
      prepared.forEach(PreparedData::close);
      tokenizer.close();
      throw e;
    }
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

  /** The batches of training examples. */
  BatchPlan plan() {
    return batches.train();
  }

  /** The batches of held-out examples, one to a program call. */
  Optional<BatchPlan> heldOutPlan() {
    return batches.heldOut();
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
