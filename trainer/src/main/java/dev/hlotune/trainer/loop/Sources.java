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
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import dev.hlotune.trainer.source.SplitPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files of the data sets that a recipe names, on this machine or on the hub. */
final class Sources {
  private static final String DEFAULT_SPLIT = "train";

  private final Hub hub;
  private final RunObserver observer;
  private final HubProgress progress;

  Sources(Hub hub, RunObserver observer, HubProgress progress) {
    this.hub = hub;
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
    List<DataSource> sources = new ArrayList<>();
    for (SplitPart part : parts) {
      List<Path> files = files(spec, part.split(), split.isPresent());
      sources.add(
          new DataSource(
              name(spec, part),
              files,
              columns,
              part.isWhole()
                  ? Optional.empty()
                  : Optional.of(part.resolve(files.stream().mapToLong(DataFiles::count).sum()))));
    }
    return sources;
  }

  private static String name(DatasetSpec spec, SplitPart part) {
    String path =
        spec.path() instanceof Location.Local(Path local)
            ? String.valueOf(local.getFileName())
            : spec.path().toString();
    return spec.split().isEmpty() ? path : path + " " + part;
  }

  private List<Path> files(DatasetSpec spec, String split, boolean named) {
    return switch (spec.path()) {
      case Location.Local(Path path) -> local(spec, path, split, named);
      case Location.Glob(String pattern) -> DataFiles.expand(pattern);
      case Location.OnHub(String id) -> {
        DatasetFiles found =
            hub.dataset(
                new DatasetRequest(
                    id, spec.config(), split, spec.revision(), spec.dataDir(), spec.dataFiles()),
                progress);
        found.notes().forEach(note -> observer.on(new RunEvent.Noted(note)));
        yield found.files();
      }
      case Location.Task(String task) ->
          throw new DataException("task \"" + task + "\": expected a known task, got another");
    };
  }

  private static List<Path> local(DatasetSpec spec, Path path, String split, boolean named) {
    Path folder = spec.dataDir().map(path::resolve).orElse(path);
    if (!spec.dataFiles().isEmpty()) {
      return spec.dataFiles().stream()
          .flatMap(pattern -> DataFiles.expand(folder.resolve(pattern).toString()).stream())
          .toList();
    }
    Path part = folder.resolve(split);
    if (named && Files.isDirectory(part)) {
      return DataFiles.expand(part.toString());
    }
    if (named && !split.equals(DEFAULT_SPLIT)) {
      throw new DataException(
          folder, "split \"" + split + "\": expected a folder of that name, got none");
    }
    return DataFiles.expand(folder.toString());
  }
}
