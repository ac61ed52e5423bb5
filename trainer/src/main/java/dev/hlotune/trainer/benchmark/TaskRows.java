package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.hub.DatasetFiles;
import dev.hlotune.trainer.hub.DatasetRequest;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.hub.HubProgress;
import dev.hlotune.trainer.hub.LocalDataset;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import dev.hlotune.trainer.source.FileFormat;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the rows of tasks: from files that are named, else from a folder, else from the hub. Each
 * file is read once.
 */
final class TaskRows {
  private static final String SUBJECT = "subject";

  private final Hub hub;
  private final BenchmarkOptions options;
  private final RunObserver observer;
  private final Map<List<Path>, List<RawRecord>> read = new HashMap<>();

  TaskRows(Hub hub, BenchmarkOptions options, RunObserver observer) {
    this.hub = hub;
    this.options = options;
    this.observer = observer;
  }

  /**
   * Rows with where they came from.
   *
   * @param rows in the order of the data
   * @param source a data set of the hub, or a path
   */
  record Found(List<RawRecord> rows, String source) {}

  /**
   * The rows of a split of a task.
   *
   * @throws DataException if there are none
   */
  Found of(Task task, String split) {
    Optional<Path> named = named(task, split);
    if (named.isPresent()) {
      List<RawRecord> rows = ofSubject(rows(DataFiles.expand(named.get().toString())), task);
      return new Found(required(rows, named.get(), task), named.get().toString());
    }
    if (options.folder().isPresent()) {
      Path folder = options.folder().get();
      List<Path> files = inFolder(folder, task, split);
      return new Found(required(ofSubject(rows(files), task), folder, task), folder.toString());
    }
    HubProgress progress =
        (activity, done, total) -> observer.on(new RunEvent.Progressed(activity, done, total));
    Task.Dataset dataset = task.dataset();
    DatasetFiles files = hub.dataset(request(dataset.id(), dataset.config(), split), progress);
    files.notes().forEach(note -> observer.on(new RunEvent.Noted(note)));
    return new Found(
        rows(files.files()),
        dataset.id() + dataset.config().map(config -> " " + config).orElse(""));
  }

  private static DatasetRequest request(String id, Optional<String> config, String split) {
    return new DatasetRequest(id, config, split, Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * A file that is named for the task or a group of it, with the split or, if it is asked, without.
   */
  private Optional<Path> named(Task task, String split) {
    for (String name : TaskTable.namesOf(task)) {
      Path file = options.files().get(name + ":" + split);
      if (file == null && split.equals(task.split())) {
        file = options.files().get(name);
      }
      if (file != null) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static List<Path> inFolder(Path folder, Task task, String split) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(folder, "data_dir: expected a folder, got none");
    }
    List<String> names = TaskTable.namesOf(task);
    for (String name : names) {
      Optional<Path> file = fileOf(folder, name, split, split.equals(task.split()));
      if (file.isPresent()) {
        return List.of(file.get());
      }
    }
    String id = task.dataset().id();
    List<String> folders = new ArrayList<>(names);
    folders.add(id);
    folders.add(id.substring(id.indexOf('/') + 1));
    for (String name : folders) {
      if (Files.isDirectory(folder.resolve(name))) {
        return ofDataset(folder.resolve(name), task.dataset().config(), split);
      }
    }
    throw new DataException(
        folder,
        "expected split \"%s\" of '%s', as '%s.%s.jsonl' (or .parquet …) or in a folder '%s' or '%s', got neither"
            .formatted(split, names.getFirst(), names.getFirst(), split, names.getFirst(), id));
  }

  private static Optional<Path> fileOf(Path folder, String name, String split, boolean asked) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> FileFormat.find(file).isPresent())
          .filter(file -> {
            String given = String.valueOf(file.getFileName());
            return given.startsWith(name + "." + split + ".")
                || (asked && given.matches(Pattern.quote(name) + "\\.[a-z]+(\\.(gz|zst))?"));
          })
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new DataException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** A copy of a repository: by what it declares, or a folder for each configuration. */
  private static List<Path> ofDataset(Path folder, Optional<String> config, String split) {
    if (config.isPresent() && Files.isDirectory(folder.resolve(config.get()))) {
      return ofDataset(folder.resolve(config.get()), Optional.empty(), split);
    }
    boolean declares =
        Files.exists(folder.resolve("README.md"))
            || Files.exists(folder.resolve(".huggingface.yaml"));
    return DataFiles.saved(folder, split)
        .orElseGet(() ->
            LocalDataset.files(
                folder, request(folder.toString(), declares ? config : Optional.empty(), split)));
  }

  private List<RawRecord> rows(List<Path> files) {
    return read.computeIfAbsent(
        files,
        _ -> {
          List<RawRecord> rows = new ArrayList<>();
          for (Path file : files) {
            try (RecordReader reader = DataFiles.open(file)) {
              for (RawRecord row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
              }
            }
          }
          return rows;
        });
  }

  /** Rows of all subjects in one file tell theirs. */
  private static List<RawRecord> ofSubject(List<RawRecord> rows, Task task) {
    if (!(task instanceof Task.Choice choice)
        || !choice.dataset().id().equals(MmluSubjects.DATASET)
        || rows.isEmpty()
        || !rows.getFirst().tree().has(SUBJECT)) {
      return rows;
    }
    return rows.stream()
        .filter(row -> row.tree().path(SUBJECT).asText().equals(choice.alias()))
        .toList();
  }

  private static List<RawRecord> required(List<RawRecord> rows, Path path, Task task) {
    if (rows.isEmpty()) {
      throw new DataException(path, "expected at least one row of '" + task.name() + "', got none");
    }
    return rows;
  }
}
