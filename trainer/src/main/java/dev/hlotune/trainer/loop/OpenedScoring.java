package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TruncationMode;
import dev.hlotune.hlo.Program;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.DataSource;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.data.Truncation;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.hub.HubProgress;
import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A model and records, opened to see how probable the one finds the other: nothing is trained. All
 * records are there, in the order of their files, whether or not anything would be learned of them.
 */
public final class OpenedScoring implements AutoCloseable {
  private final MeasuredModel model;
  private final int maxLength;
  private final Mixture records;

  private OpenedScoring(MeasuredModel model, int maxLength, Mixture records) {
    this.model = model;
    this.maxLength = maxLength;
    this.records = records;
  }

  /**
   * Reads the model's configuration, looks at its weights, prepares the records and opens the
   * device; fetches what is on the hub.
   *
   * @param config model, records, template, lengths, batch sizes and machine; the rest is of no
   *     account. A record is cut to {@code max_length}, or to what the model has positions for
   * @param observer hears how it goes
   * @throws IOException if a file cannot be read or written
   * @throws dev.hlotune.trainer.source.DataException if model or records cannot be used
   */
  public static OpenedScoring open(SftConfig config, RunObserver observer) throws IOException {
    check(config);
    MeasuredModel model = MeasuredModel.open(config, observer);
    List<PreparedData> opened = new ArrayList<>();
    try {
      int maxLength = Math.min(model.config().data().maxLength(), model.maxPositions());
      prepare(model, maxLength, opened, observer);
      Mixture records = Mixture.of(opened.stream().map(Mixture.Part::all).toList());
      note(records.statistics(), maxLength, observer);
      model.client();
      return new OpenedScoring(model, maxLength, records);
    } catch (RuntimeException e) {
      opened.forEach(PreparedData::close);
      model.close();
      throw e;
    }
  }

  /** A record that gives no line or several would leave the lines without their records. */
  private static void check(SftConfig config) {
    TruncationMode mode = config.data().truncationMode();
    if (mode != TruncationMode.KEEP_START && mode != TruncationMode.KEEP_END) {
      throw ConfigException.of(
          "'truncation_mode': expected 'keep_start' or 'keep_end', got '%s'"
              .formatted(mode.spelled()));
    }
  }

  private static void prepare(
      MeasuredModel model, int maxLength, List<PreparedData> opened, RunObserver observer) {
    SftConfig config = model.config();
    HubProgress progress =
        (activity, done, total) -> observer.on(new RunEvent.Progressed(activity, done, total));
    try (Hub hub = Hub.of(System.getenv(), config.machine().offline())) {
      Sources sources = new Sources(hub, config.machine().cacheRoot(), observer, progress);
      ChatTemplate template = model.template();
      for (DatasetSpec spec : config.data().datasets()) {
        for (DataSource source : sources.of(spec)) {
          DataOptions options = Recipes.data(config, source, template);
          opened.add(
              PreparedData.open(
                  new DataOptions(
                      source,
                      template,
                      options.supervision(),
                      Math.max(2, maxLength),
                      Truncation.valueOf(config.data().truncationMode().name()),
                      options.onBadRecord(),
                      true),
                  model.tokenizer(),
                  model.vocabulary(),
                  config.machine().cacheRoot(),
                  config.data().numProc().orElseGet(Runtime.getRuntime()::availableProcessors),
                  (bytes, total, _) ->
                      progress.update("tokenizing " + source.name(), bytes, total)));
        }
      }
    }
  }

  private static void note(PreparationStatistics statistics, int maxLength, RunObserver observer) {
    statistics.reports().forEach(report -> observer.on(new RunEvent.Noted(report)));
    if (statistics.truncated() > 0) {
      observer.on(
          new RunEvent.Noted(
              "%d records are longer than %d tokens and are scored in part; 'max_length' is the bound"
                  .formatted(statistics.truncated(), maxLength)));
    }
  }

  /** The model, perhaps with an adapter, in the layout that the configuration asks for. */
  public Tuning tuning() {
    return model.tuning();
  }

  /** The size of the model's residual stream. */
  public int width() {
    return model.width();
  }

  /** The records, tokenized, in the order of their files. */
  public Mixture records() {
    return records;
  }

  /** The most tokens of a record. */
  public int maxLength() {
    return maxLength;
  }

  /** Rows of {@link #maxLength} tokens that go through the model at a time. */
  public int batchSize() {
    return model.batchSize();
  }

  /** The most shapes to compile. */
  public int maxBuckets() {
    return model.maxBuckets();
  }

  /** The device, open as long as this is. */
  public Client client() {
    return model.client();
  }

  /**
   * Compiles a program for each bucket, or finds it in the cache, and looks whether the device has
   * room for the weights and the largest of them.
   *
   * @throws ConfigException if there is not enough memory
   */
  public StepCache compile(List<Bucket> buckets, Function<Bucket, Program> program)
      throws IOException {
    return model.compile(buckets, program);
  }

  /** Puts the weights on the device, in the type in which the model runs. */
  public List<ShardedBuffer> weights() throws IOException {
    return model.weights();
  }

  @Override
  public void close() {
    model.close();
    records.close();
  }
}
