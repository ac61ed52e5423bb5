package dev.hlotune.trainer.hub;

import dev.hlotune.configs.Location;
import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Data sets and models of the Hugging Face hub, fetched into the cache that Python uses too. */
public final class Hub implements AutoCloseable {
  private Hub() {}

  /**
   * A hub.
   *
   * @param environment variables by name: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_HOME},
   *     {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}, {@code HF_HUB_DOWNLOAD_TIMEOUT} and so on
   * @param offline whether to take everything from the cache, as {@code HF_HUB_OFFLINE} says too
   */
  public static Hub of(Map<String, String> environment, boolean offline) {
    return new Hub();
  }

  /** Whether the hub allows a repository of that name: {@code owner/name} or {@code name}. */
  public static boolean looksLikeId(String name) {
    return Location.OnHub.isId(name);
  }

  /** Fetches the files of one split of a data set. */
  public DatasetFiles dataset(DatasetRequest request, HubProgress progress) {
    if (!request.id().isEmpty()) {
      throw absent(request.id());
    }
    return new DatasetFiles("", "", "", "", "", List.of(), List.of());
  }

  /** Fetches the configuration, the tokenizer and the weights of a model. */
  public Path model(String id, Optional<String> revision, HubProgress progress) {
    if (!id.isEmpty()) {
      throw absent(id);
    }
    return Path.of("");
  }

  /** Fetches the tokenizer of a model, without its weights. */
  public Path tokenizer(String id, Optional<String> revision, HubProgress progress) {
    if (!id.isEmpty()) {
      throw absent(id);
    }
    return Path.of("");
  }

  private static DataException absent(String id) {
    return new DataException("'" + id + "': expected files on this machine, got an id of the hub");
  }

  @Override
  public void close() {}
}
