package dev.hlotune.trainer.loop;

import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.Location;
import dev.hlotune.trainer.data.DataSource;
import dev.hlotune.trainer.data.RecordColumns;
import dev.hlotune.trainer.data.RecordFormat;
import dev.hlotune.trainer.hub.DatasetFiles;
import dev.hlotune.trainer.hub.DatasetRequest;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.hub.HubProgress;
import dev.hlotune.trainer.hub.LocalDataset;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import dev.hlotune.trainer.source.SplitPart;
import dev.hlotune.trainer.tasks.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the files of the data sets that a recipe names, on this machine or on the hub. */
final class Sources {
  private static final String DEFAULT_SPLIT = "train";

  private final Hub hub;
  private final Path cache;
  private final RunObserver observer;
  private final HubProgress progress;

  /**
   * Finds files by way of a hub.
   *
   * @param cache where the rows of tasks are kept
   */
  Sources(Hub hub, Path cache, RunObserver observer, HubProgress progress) {
    this.hub = hub;
    this.cache = cache;
    this.observer = observer;
    this.progress = progress;
  }

  /** The records of a data set: one source for each part of its split. */
  List<DataSource> of(DatasetSpec spec) {
    Optional<String> split = spec.split();
    List<SplitPart> parts = SplitPart.parse(split.orElse(DEFAULT_SPLIT));
    RecordColumns columns =
        new RecordColumns(
            spec.format().map(format -> RecordFormat.valueOf(format.name())),
            spec.textField(),
            spec.columns());
    if (spec.path() instanceof Location.Task(String task)) {
      return List.of(
          new DataSource(name(spec, parts), List.of(made(spec, task)), columns, Optional.empty()));
    }
    List<DataSource> sources = new ArrayList<>();
    for (SplitPart part : parts) {
      List<Path> files = files(spec, part.split());
      sources.add(
          new DataSource(
              name(spec, List.of(part)),
              files,
              columns,
              part.isWhole()
                  ? Optional.empty()
                  : Optional.of(part.resolve(files.stream().mapToLong(DataFiles::count).sum()))));
    }
    return sources;
  }

  private static String name(DatasetSpec spec, List<SplitPart> parts) {
    String path =
        spec.path() instanceof Location.Local(Path local)
            ? String.valueOf(local.getFileName())
            : spec.path().toString();
    return spec.split().isEmpty()
        ? path
        : path + " " + parts.stream().map(SplitPart::toString).collect(Collectors.joining("+"));
  }

  /** The file of a task's rows, which are those of its split already. */
  private Path made(DatasetSpec spec, String task) {
    if (spec.config().isPresent() || spec.dataDir().isPresent()) {
      throw new DataException(
          spec.path()
              + ": expected a split, data_files with words and a seed at most, got"
              + " dataset_config or data_dir");
    }
    List<Path> words = spec.dataFiles().stream().map(Path::of).toList();
    return Tasks.materialize(task, Tasks.Options.of(spec.split(), spec.seed(), words), cache);
  }

  private List<Path> files(DatasetSpec spec, String split) {
    return switch (spec.path()) {
      case Location.Local(Path path) ->
          Files.isDirectory(path)
              ? DataFiles.saved(path, split)
                  .orElseGet(() -> LocalDataset.files(path, request(spec, path.toString(), split)))
              : file(spec, path, split);
      case Location.Glob(String pattern) -> DataFiles.expand(pattern);
      case Location.OnHub(String id) -> {
        DatasetFiles found = hub.dataset(request(spec, id, split), progress);
        found.notes().forEach(note -> observer.on(new RunEvent.Noted(note)));
        yield found.files();
      }
      case Location.Task task ->
          throw new IllegalStateException(task + ": expected files, got a task");
    };
  }

  private static DatasetRequest request(DatasetSpec spec, String id, String split) {
    return new DatasetRequest(
        id, spec.config(), split, spec.revision(), spec.dataDir(), spec.dataFiles());
  }

  private static List<Path> file(DatasetSpec spec, Path path, String split) {
    if (!split.equals(DEFAULT_SPLIT)) {
      throw new DataException(
          path,
          "split \""
              + split
              + "\": expected a folder or a repository of the hub, which have splits, got a file;"
              + " a slice of it is \"train[:10%]\"");
    }
    if (spec.config().isPresent() || spec.dataDir().isPresent() || !spec.dataFiles().isEmpty()) {
      throw new DataException(
          path, "dataset_config, data_dir, data_files: expected a folder for them, got a file");
    }
    return DataFiles.expand(path.toString());
  }
}
