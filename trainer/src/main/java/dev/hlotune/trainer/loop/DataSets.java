package dev.hlotune.trainer.loop;

import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.DataSource;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.HeldOutSplit;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.MixtureShares;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.eval.HeldOutSets;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.hub.HubProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The tokenizer and the data sets of a run, tokenized and planned into batches.
 *
 * @param tokenizer encodes text
 * @param template renders conversations
 * @param train training examples
 * @param heldOut examples that are not trained on
 * @param heldOutNames what each source of the held-out examples is called in metrics; empty where
 *     they are of one data set
 * @param vocabulary of the model
 * @param batches the batches of both
 */
record DataSets(
    Tokenizer tokenizer,
    ChatTemplate template,
    Mixture train,
    Optional<Mixture> heldOut,
    List<String> heldOutNames,
    int vocabulary,
    Batches batches)
    implements AutoCloseable {

  /**
   * Opens what the recipe names.
   *
   * @param tokenizer encodes it; stays open when the data sets are closed
   * @param vocabulary of the model: ids must be below it
   * @param width of the model, by which attention is weighed
   * @param rows how devices share batches
   * @param cache where prepared data is kept
   * @throws CancellationException if asked to stop meanwhile
   */
  static DataSets open(
      SftConfig config,
      Tokenizer tokenizer,
      int vocabulary,
      int width,
      RowShares rows,
      Path cache,
      RunObserver observer,
      AtomicBoolean stop) {
    List<PreparedData> opened = new ArrayList<>();
    try (Hub hub = Hub.of(System.getenv(), config.machine().offline())) {
      ChatTemplate template = Templates.of(config.data(), tokenizer);
      HubProgress progress =
          (activity, done, total) -> {
            if (stop.get()) {
              throw new CancellationException("asked to stop");
            }
            observer.on(new RunEvent.Progressed(activity, done, total));
          };
      Opener opener =
          new Opener(
              config,
              tokenizer,
              template,
              vocabulary,
              cache,
              new Sources(hub, cache, observer, progress),
              progress,
              opened,
              new ArrayList<>());
      Mixture train = opener.train();
      Optional<Mixture> heldOut = opener.heldOut();
      opened.stream()
          .flatMap(data -> data.statistics().reports().stream())
          .limit(PreparationStatistics.MOST_REPORTS)
          .forEach(report -> observer.on(new RunEvent.Noted(report)));
      TokenNotes.template(template.source(), tokenizer, train)
          .ifPresent(note -> observer.on(new RunEvent.Noted(note)));
      return new DataSets(
          tokenizer,
          template,
          train,
          heldOut,
          List.copyOf(opener.heldOutNames()),
          vocabulary,
          Batches.of(config, width, rows, train, heldOut.map(data -> data)));
    } catch (RuntimeException e) {
      opened.forEach(PreparedData::close);
      throw e;
    }
  }

  /** Prepares the data sets of one recipe and mixes them. */
  private record Opener(
      SftConfig config,
      Tokenizer tokenizer,
      ChatTemplate template,
      int vocabulary,
      Path cache,
      Sources sources,
      HubProgress progress,
      List<PreparedData> opened,
      List<String> heldOutNames) {

    Mixture train() {
      List<PreparedData> prepared = new ArrayList<>();
      List<MixtureShares.Wish> wishes = new ArrayList<>();
      List<DatasetSpec> specs = config.data().datasets();
      for (DatasetSpec spec : specs) {
        List<PreparedData> parts = prepare(spec);
        for (PreparedData part : parts) {
          prepared.add(part);
          wishes.add(
              new MixtureShares.Wish(
                  spec.weight().isPresent()
                      ? OptionalDouble.of(spec.weight().get() / parts.size())
                      : OptionalDouble.empty(),
                  spec.repeat(),
                  spec.seed().orElse(config.machine().dataSeed())));
        }
      }
      return Mixture.of(
          prepared,
          prepared.stream().map(this::trained).toList(),
          wishes,
          MixtureShares.Stop.valueOf(config.data().mixtureStop().name()));
    }

    Optional<Mixture> heldOut() {
      if (config.data().testSize().isPresent()) {
        return Optional.of(
            measured(
                opened.stream()
                    .map(data -> new Mixture.Part(data, split(data).heldOut()))
                    .toList()));
      }
      List<PreparedData> prepared = new ArrayList<>();
      List<String> names = HeldOutNames.of(config.data().evalDatasets());
      for (int i = 0; i < names.size(); i++) {
        List<PreparedData> parts = prepare(config.data().evalDatasets().get(i));
        prepared.addAll(parts);
        if (names.size() > 1) {
          heldOutNames.addAll(Collections.nCopies(parts.size(), names.get(i)));
        }
      }
      return prepared.isEmpty()
          ? Optional.empty()
          : Optional.of(measured(prepared.stream().map(Mixture.Part::all).toList()));
    }

    /** The first of them, as many as are to be measured at most. */
    private Mixture measured(List<Mixture.Part> parts) {
      int left = config.evaluation().maxSamples().orElse(Integer.MAX_VALUE);
      List<Mixture.Part> kept = new ArrayList<>();
      for (Mixture.Part part : parts) {
        int taken = Math.min(left, part.examples().length);
        kept.add(new Mixture.Part(part.data(), Arrays.copyOf(part.examples(), taken)));
        left -= taken;
      }
      return Mixture.of(kept);
    }

    private Mixture.Part trained(PreparedData data) {
      return config.data().testSize().isPresent()
          ? new Mixture.Part(data, split(data).train())
          : Mixture.Part.all(data);
    }

    private HeldOutSplit split(PreparedData data) {
      return HeldOutSplit.of(
          data, config.data().testSize().orElseThrow(), config.machine().dataSeed());
    }

    private List<PreparedData> prepare(DatasetSpec spec) {
      return sources.of(spec).stream().map(this::prepare).toList();
    }

    private PreparedData prepare(DataSource source) {
      DataOptions options = Recipes.data(config, source, template);
      String activity = "tokenizing " + source.name();
      PreparedData data =
          PreparedData.open(
              options,
              tokenizer,
              vocabulary,
              cache,
              config.data().numProc().orElseGet(Runtime.getRuntime()::availableProcessors),
              (bytes, total, _) -> progress.update(activity, bytes, total));
      opened.add(data);
      return data;
    }
  }

  /** The batches of training examples. */
  BatchPlan plan() {
    return batches.train();
  }

  /** The batches of held-out examples, one to a program call. */
  Optional<BatchPlan> heldOutPlan() {
    return batches.heldOut();
  }

  /** Which held-out examples are told apart. */
  HeldOutSets heldOutSets() {
    if (heldOutNames.isEmpty()) {
      return HeldOutSets.one();
    }
    List<String> names = heldOutNames.stream().distinct().toList();
    Mixture all = heldOut.orElseThrow();
    return new HeldOutSets(
        names, example -> names.indexOf(heldOutNames.get(all.sourceOf(example))));
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
    heldOut.ifPresent(Mixture::close);
    train.close();
  }
}
