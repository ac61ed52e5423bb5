package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds data files below a folder. Links are followed. Hidden files, and JSON files that say
 * something about data instead of holding it, are passed over; in a folder that {@code
 * Dataset.save_to_disk} left, the files are those that its state names.
 */
final class DataFolder {
  private static final Set<String> NO_DATA =
      Set.of(
          "config.json",
          "dataset_dict.json",
          "dataset_info.json",
          "dataset_infos.json",
          "state.json",
          "__MACOSX");

  private static final JsonMapper JSON = new JsonMapper();

  private DataFolder() {}

  /** Whether a name that is found, not given, may belong to data at all. */
  static boolean isShown(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".")
        && !NO_DATA.contains(name)
        && !name.toLowerCase(Locale.ROOT).startsWith("readme");
  }

  static boolean isData(Path file) {
    return isShown(file) && FileFormat.find(file).isPresent() && Files.isRegularFile(file);
  }

  /** Files without those of plain text, unless that is all: beside other data it is about that. */
  static List<Path> withoutNotes(List<Path> files) {
    List<Path> tables = files.stream().filter(file -> !isText(file)).toList();
    return tables.isEmpty() ? files : tables;
  }

  private static boolean isText(Path file) {
    return FileFormat.find(file).equals(Optional.of(FileFormat.TEXT));
  }

  /** The names in a folder that may belong to data, sorted. */
  static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(DataFolder::isShown).sorted().toList();
    } catch (IOException e) {
      throw FileInput.unreadable(folder, Compression.NONE, e);
    } catch (UncheckedIOException e) {
      throw FileInput.unreadable(folder, Compression.NONE, new IOException(e.getMessage(), e));
    }
  }

  /** The data files below a folder, sorted. */
  static List<Path> files(Path folder) {
    List<Path> found = new ArrayList<>();
    walk(folder, inner -> !addSaved(inner, found), found::add);
    return withoutNotes(found);
  }

  /**
   * Goes through the data files below a folder, sorted.
   *
   * @param enter whether to go into a folder, beginning with the first
   */
  static void walk(Path folder, Predicate<Path> enter, Consumer<Path> file) {
    walk(folder, enter, file, new ArrayList<>());
  }

  private static void walk(
      Path folder, Predicate<Path> enter, Consumer<Path> file, List<Path> above) {
    Path real = real(folder);
    if (above.contains(real) || !enter.test(folder)) {
      return; // The former is a link back up.
    }
    above.add(real);
    for (Path entry : list(folder)) {
      if (Files.isDirectory(entry)) {
        walk(entry, enter, file, above);
      } else if (isData(entry)) {
        file.accept(entry);
      }
    }
    above.removeLast();
  }

  /** Adds what {@code datasets} saved in this folder, if it did; false if not. */
  private static boolean addSaved(Path folder, List<Path> found) {
    Map<String, List<Path>> splits = saved(folder);
    if (splits.isEmpty()) {
      return false;
    }
    List<Path> files = splits.size() == 1 ? splits.values().iterator().next() : splits.get("train");
    if (files == null) {
      throw new DataException(
          folder,
          "expected a split \"train\", got "
              + quoted(List.copyOf(splits.keySet()))
              + "; name one of these folders");
    }
    found.addAll(files);
    return true;
  }

  /** The files that {@code datasets} saved in a folder, by split; none where it did not. */
  static Map<String, List<Path>> saved(Path folder) {
    Map<String, List<Path>> splits = new LinkedHashMap<>();
    Path dictionary = folder.resolve("dataset_dict.json");
    Path state = folder.resolve("state.json");
    if (Files.isRegularFile(dictionary)) {
      for (JsonNode split : read(dictionary).path("splits")) {
        Path inner = folder.resolve(split.asText());
        splits.put(split.asText(), files(inner));
      }
    } else if (Files.isRegularFile(state)) {
      List<Path> files = savedFiles(folder, read(state));
      if (!files.isEmpty()) {
        splits.put(read(state).path("_split").asText("train"), files);
      }
    }
    return splits;
  }

  private static List<Path> savedFiles(Path folder, JsonNode state) {
    List<Path> files = new ArrayList<>();
    state
        .path("_data_files")
        .forEach(file -> files.add(folder.resolve(file.path("filename").asText())));
    return files;
  }

  static String quoted(List<?> names) {
    return names.isEmpty()
        ? "none"
        : String.join(", ", names.stream().map(name -> "\"" + name + '"').toList());
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw FileInput.unreadable(folder, Compression.NONE, e);
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + ParquetFile.firstLine(e), e);
    }
  }
}
