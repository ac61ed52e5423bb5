package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.hlotune.configs.Location;
import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Data sets and models of the Hugging Face hub, fetched into the cache that Python's {@code
 * huggingface_hub} uses too. What is there already is not fetched again, and an interrupted
 * download goes on where it stopped.
 *
 * <p>Every method throws a {@link DataException} that says in one line what is wrong and what to do
 * where the hub refuses or cannot be reached, and a {@link
 * java.util.concurrent.CancellationException} where its thread is interrupted.
 */
public final class Hub implements AutoCloseable {
  private static final String MAIN = "main";
  private static final String README = "README.md";
  private static final String DECLARATION = ".huggingface.yaml";

  private final Snapshots snapshots;

  private Hub(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * The hub that an environment names.
   *
   * @param environment variables by name: {@code HF_ENDPOINT}; {@code HF_TOKEN}, {@code
   *     HUGGING_FACE_HUB_TOKEN}, {@code HF_TOKEN_PATH}; {@code HF_HOME}, {@code HF_HUB_CACHE};
   *     {@code HF_HUB_OFFLINE}; {@code HF_HUB_DOWNLOAD_TIMEOUT} in seconds; {@code
   *     HF_HUB_DISABLE_SYMLINKS}; {@code HTTPS_PROXY} and its kind; {@code REQUESTS_CA_BUNDLE},
   *     {@code SSL_CERT_FILE}
   * @param offline whether to take everything from the cache, as {@code HF_HUB_OFFLINE} says too
   * @throws dev.hlotune.configs.ConfigException if a variable's value cannot be used
   */
  public static Hub of(Map<String, String> environment, boolean offline) {
    return of(environment, offline, Patience.waiting(Waiting::sleep));
  }

  static Hub of(Map<String, String> environment, boolean offline, Patience patience) {
    HubSettings settings = HubSettings.of(environment, offline);
    return new Hub(
        new Snapshots(
            settings,
            settings.offline()
                ? Optional.empty()
                : Optional.of(new HubClient(settings, environment, patience))));
  }

  /** Whether the hub allows a repository of that name: {@code owner/name} or {@code name}. */
  public static boolean looksLikeId(String name) {
    return Location.OnHub.isId(name);
  }

  /**
   * Fetches the files of one split of a data set.
   *
   * @throws DataException also if it has no such configuration or split, with those that it has, or
   *     if its files are no text
   */
  public DatasetFiles dataset(DatasetRequest request, HubProgress progress) {
    return Waiting.telling(progress, () -> split(request, progress));
  }

  private DatasetFiles split(DatasetRequest request, HubProgress progress) {
    Snapshot snapshot =
        snapshots.open(
            repository(Repository.Kind.DATASET, request.id()), request.revision().orElse(MAIN));
    boolean named = !request.dataFiles().isEmpty() || request.dataDir().isPresent();
    if (snapshot.has(ParquetConversion.script(request.id())) && !named) {
      return converted(request, snapshot, progress);
    }
    DatasetLayout layout =
        DatasetLayout.of(request, card(snapshot), FileList.of(snapshot.files().keySet()));
    return files(request, snapshot, layout, List.of(), progress);
  }

  /** A data set's own program is not run: the hub has run it. */
  private DatasetFiles converted(DatasetRequest request, Snapshot own, HubProgress progress) {
    String script = ParquetConversion.script(request.id());
    if (!own.revision().equals(MAIN)) {
      throw new DataException(
          "'%s': expected data files in revision '%s', got a loading script ('%s'), which is not run; leave the revision out to read the hub's Parquet conversion"
              .formatted(request.id(), own.revision(), script));
    }
    Snapshot snapshot =
        snapshots
            .find(own.repository(), ParquetConversion.REVISION)
            .orElseThrow(() ->
                new DataException(
                    "'%s': expected data files or the hub's Parquet conversion, got a loading script ('%s'), which is not run, and no conversion; name data files of the repository, if it has any"
                        .formatted(request.id(), script)));
    FileList files = FileList.of(snapshot.files().keySet());
    ParquetConversion conversion = ParquetConversion.of(files);
    DatasetLayout layout = DatasetLayout.of(request, conversion.card(), files);
    List<String> notes = new ArrayList<>();
    notes.add(
        "'%s' has a loading script ('%s'), which is not run: the hub's Parquet conversion is read"
            .formatted(request.id(), script));
    if (conversion.cut().contains(layout.config() + "/" + request.split())) {
      notes.add(
          "'%s': the hub's conversion holds only the first part of split '%s'"
              .formatted(request.id(), request.split()));
    }
    return files(request, snapshot, layout, notes, progress);
  }

  private DatasetFiles files(
      DatasetRequest request,
      Snapshot snapshot,
      DatasetLayout layout,
      List<String> notes,
      HubProgress progress) {
    return new DatasetFiles(
        request.id(),
        snapshot.commit(),
        layout.config(),
        request.split(),
        layout.format(),
        snapshots.fetch(snapshot, layout.paths(), progress),
        notes);
  }

  /** What the data set declares; a .huggingface.yaml goes over its README.md. */
  private DatasetCard card(Snapshot snapshot) {
    for (String name : List.of(DECLARATION, README)) {
      if (snapshot.has(name)) {
        Path file = snapshots.fetch(snapshot, List.of(name), HubProgress.silent()).getFirst();
        try {
          byte[] text = Files.readAllBytes(file);
          DatasetCard card = DatasetCard.read(file, new String(text, StandardCharsets.UTF_8));
          if (!card.configs().isEmpty()) {
            return card;
          }
        } catch (IOException unreadable) {
          throw snapshots.unreadable(unreadable);
        }
      }
    }
    return DatasetCard.NONE;
  }

  /**
   * Fetches a model: its configuration, its tokenizer, and its weights as safetensors.
   *
   * @param revision a branch, tag or commit; empty takes {@code main}
   * @return a folder with the names of the repository
   * @throws DataException also if it is no model, or its weights are not safetensors
   */
  public Path model(String id, Optional<String> revision, HubProgress progress) {
    return Waiting.telling(progress, () -> whole(id, revision, progress));
  }

  private Path whole(String id, Optional<String> revision, HubProgress progress) {
    Snapshot snapshot = open(id, revision);
    snapshots.fetch(snapshot, ModelFiles.small(snapshot), HubProgress.silent());
    try {
      snapshots.fetch(snapshot, ModelFiles.weights(snapshot, snapshot.folder()), progress);
    } catch (JsonProcessingException broken) {
      throw new DataException(
          "'%s': expected JSON in the index of its weights, got a syntax error".formatted(id));
    } catch (IOException unreadable) {
      throw snapshots.unreadable(unreadable);
    }
    return snapshot.folder();
  }

  /**
   * As {@link #model}, without its weights, whatever form they have.
   *
   * @throws DataException also if it is no model
   */
  public Path description(String id, Optional<String> revision, HubProgress progress) {
    return Waiting.telling(
        progress,
        () -> {
          Snapshot snapshot = open(id, revision);
          snapshots.fetch(snapshot, ModelFiles.description(snapshot), progress);
          return snapshot.folder();
        });
  }

  /**
   * Fetches the tokenizer of a model and nothing else of it.
   *
   * @param revision a branch, tag or commit; empty takes {@code main}
   * @return a folder with the names of the repository
   * @throws DataException also if it has no tokenizer.json
   */
  public Path tokenizer(String id, Optional<String> revision, HubProgress progress) {
    return Waiting.telling(
        progress,
        () -> {
          Snapshot snapshot = open(id, revision);
          List<String> files = ModelFiles.tokenizer(snapshot);
          if (!files.contains("tokenizer.json")) {
            throw new DataException(
                "'%s': expected a tokenizer ('tokenizer.json'), got a repository without"
                    .formatted(id));
          }
          snapshots.fetch(snapshot, files, progress);
          return snapshot.folder();
        });
  }

  private Snapshot open(String id, Optional<String> revision) {
    return snapshots.open(repository(Repository.Kind.MODEL, id), revision.orElse(MAIN));
  }

  private static Repository repository(Repository.Kind kind, String id) {
    if (!looksLikeId(id)) {
      throw new DataException(
          "%s: expected an id of the hub ('owner/name'), got '%s'".formatted(kind.shown(), id));
    }
    return new Repository(kind, id);
  }

  @Override
  public void close() {
    snapshots.close();
  }
}
