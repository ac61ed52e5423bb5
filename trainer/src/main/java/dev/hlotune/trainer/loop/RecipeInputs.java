package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.data.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The model and the data of a recipe, opened as a run opens them, without a device.
 *
 * @param config the recipe, with paths in place of ids of the hub
 * @param tuned the model and what is trained of it
 * @param data the data; empty where the recipe names none, or there is no tokenizer for it
 */
record RecipeInputs(SftConfig config, TunedModel tuned, Optional<DataSets> data)
    implements AutoCloseable {

  /**
   * Opens both, fetching what is on the hub.
   *
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if asked to stop meanwhile
   */
  static RecipeInputs open(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    SftConfig fetched = FetchedModel.of(config, System.getenv(), observer, stop).config();
    return withData(
        fetched, BaseModel.open(fetched), TunedModel::of, RowShares.ONE, observer, stop);
  }

  /** The same where the model's weights are not needed, nor data and tokenizer. */
  static RecipeInputs describe(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    SftConfig fetched = FetchedModel.withoutWeights(config, System.getenv(), observer);
    BaseModel base = BaseModel.open(fetched);
    if (!config.data().datasets().isEmpty() && hasTokenizer(fetched)) {
      return withData(fetched, base, TunedModel::described, rows(fetched), observer, stop);
    }
    if (!config.data().datasets().isEmpty()) {
      observer.on(
          new RunEvent.Noted(
              "no tokenizer in '"
                  + fetched.model().tokenizerPath()
                  + "': the shapes are those of 'per_device_train_batch_size' and 'max_length', not"
                  + " those of the data"));
    }
    BaseModel padded = TokenRows.withoutTokenizer(fetched, base);
    return new RecipeInputs(fetched, TunedModel.described(fetched, padded), Optional.empty());
  }

  /** The same where the model's weights are needed, and the data only where it is named. */
  static RecipeInputs withWeights(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    SftConfig fetched = FetchedModel.of(config, System.getenv(), observer, stop).config();
    BaseModel base = BaseModel.open(fetched);
    if (!config.data().datasets().isEmpty()) {
      return withData(fetched, base, TunedModel::of, rows(fetched), observer, stop);
    }
    if (!hasTokenizer(fetched)) {
      BaseModel padded = TokenRows.withoutTokenizer(fetched, base);
      return new RecipeInputs(fetched, TunedModel.of(fetched, padded), Optional.empty());
    }
    try (Tokenizer tokenizer =
        Tokenizer.load(
            fetched.model().tokenizerPath(),
            Recipes.tokens(fetched.model().tokens()),
            fetched.machine().cacheRoot())) {
      BaseModel grown = TokenRows.add(fetched, base, tokenizer, observer);
      return new RecipeInputs(fetched, TunedModel.of(fetched, grown), Optional.empty());
    }
  }

  /** How it is decided what is trained. */
  @FunctionalInterface
  private interface Tuner {
    TunedModel of(SftConfig config, BaseModel base) throws IOException;
  }

  /** As the devices of the mesh share them, where that is known. */
  private static RowShares rows(SftConfig config) {
    return RowShares.of(config.sharding().dataParallel().orElse(1));
  }

  private static boolean hasTokenizer(SftConfig config) {
    return Files.exists(config.model().tokenizerPath().resolve("tokenizer.json"));
  }

  private static RecipeInputs withData(
      SftConfig config,
      BaseModel base,
      Tuner tuner,
      RowShares rows,
      RunObserver observer,
      AtomicBoolean stop)
      throws IOException {
    Tokenizer tokenizer =
        Tokenizer.load(
            config.model().tokenizerPath(),
            Recipes.tokens(config.model().tokens()),
            config.machine().cacheRoot());
    try {
      BaseModel model = TokenRows.add(config, base, tokenizer, observer);
      TunedModel tuned = tuner.of(config, model);
      DataSets data =
          DataSets.open(
              config,
              tokenizer,
              model.model().vocabulary(),
              model.width(),
              rows,
              config.machine().cacheRoot(),
              observer,
              stop);
      return new RecipeInputs(config, tuned, Optional.of(data));
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public void close() {
    data.ifPresent(opened -> {
      opened.close();
      opened.tokenizer().close();
    });
  }
}
