package dev.hlotune.trainer.loop;

import dev.hlotune.configs.Location;
import dev.hlotune.configs.ModelConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.hub.HubProgress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The model and tokenizer of a recipe on this machine, whatever the recipe names them by.
 *
 * @param config the recipe's, with paths in place of ids of the hub
 * @param commits what was fetched from the hub is at, by {@code model_commit} and {@code
 *     tokenizer_commit}; empty for what was not
 */
record FetchedModel(SftConfig config, Map<String, String> commits) {

  FetchedModel {
    commits = Map.copyOf(commits);
  }

  /**
   * Fetches what is on the hub.
   *
   * @param environment names the hub
   * @throws dev.hlotune.trainer.source.DataException if it cannot be had
   * @throws CancellationException if asked to stop meanwhile
   */
  static FetchedModel of(
      SftConfig config, Map<String, String> environment, RunObserver observer, AtomicBoolean stop) {
    return of(config, environment, observer, stop, true);
  }

  /**
   * The same on the devices that there are.
   *
   * @throws dev.hlotune.configs.ConfigException where the recipe does not fit them
   */
  FetchedModel on(int devices) {
    return new FetchedModel(config.on(devices), commits);
  }

  /** The same with the configuration and the tokenizer of a model alone: all that data needs. */
  static SftConfig withoutWeights(
      SftConfig config, Map<String, String> environment, RunObserver observer) {
    return of(config, environment, observer, new AtomicBoolean(), false).config();
  }

  private static FetchedModel of(
      SftConfig config,
      Map<String, String> environment,
      RunObserver observer,
      AtomicBoolean stop,
      boolean weights) {
    ModelConfig model = config.model();
    boolean onHub =
        model.model() instanceof Location.OnHub
            || model.tokenizer().filter(Location.OnHub.class::isInstance).isPresent();
    if (!onHub) {
      return new FetchedModel(config, Map.of());
    }
    HubProgress progress =
        (activity, done, total) -> {
          if (stop.get()) {
            throw new CancellationException("asked to stop");
          }
          observer.on(new RunEvent.Progressed(activity, done, total));
        };
    Map<String, String> commits = new LinkedHashMap<>();
    try (Hub hub = Hub.of(environment, config.machine().offline())) {
      Path path =
          model.model() instanceof Location.OnHub(String id)
              ? noted(
                  commits,
                  "model_commit",
                  weights
                      ? hub.model(id, model.revision(), progress)
                      : hub.description(id, model.revision(), progress))
              : model.model().path();
      Optional<Path> tokenizer =
          model
              .tokenizer()
              .map(location ->
                  location instanceof Location.OnHub(String id)
                      ? noted(
                          commits,
                          "tokenizer_commit",
                          hub.tokenizer(id, revision(model, id), progress))
                      : location.path());
      return new FetchedModel(config.with(model.fetched(path, tokenizer)), commits);
    }
  }

  /** A tokenizer that is named again where the model is comes from the same revision. */
  private static Optional<String> revision(ModelConfig model, String id) {
    return model.model().equals(new Location.OnHub(id)) ? model.revision() : Optional.empty();
  }

  /** The folder of a commit is named after it. */
  private static Path noted(Map<String, String> commits, String name, Path folder) {
    commits.put(name, String.valueOf(folder.getFileName()));
    return folder;
  }
}
