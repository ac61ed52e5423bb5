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

  /** The names in a folder that may belong to data, sorted. */
  static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(DataFolder::isShown).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** The data files below a folder, sorted. */
  static List<Path> files(Path folder) {
    List<Path> found = new ArrayList<>();
    walk(folder, inner -> !addSaved(inner, found), found::add);
    return found;
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
    Map<String, Path> splits = savedSplits(folder);
    if (!splits.isEmpty()) {
      Path split = splits.size() == 1 ? splits.values().iterator().next() : splits.get("train");
      if (split == null) {
        throw new DataException(
            folder,
            "expected a split \"train\", got "
                + quoted(List.copyOf(splits.keySet()))
                + "; name one of these folders");
      }
      found.addAll(files(split));
      return true;
    }
    Path state = folder.resolve("state.json");
    if (!Files.isRegularFile(state)) {
      return false;
    }
    JsonNode files = read(state).path("_data_files");
    files.forEach(file -> found.add(folder.resolve(file.path("filename").asText())));
    return !files.isEmpty();
  }

  /** The folders of the splits in one that {@code DatasetDict.save_to_disk} left, or none. */
  static Map<String, Path> savedSplits(Path folder) {
    Path dictionary = folder.resolve("dataset_dict.json");
    Map<String, Path> splits = new LinkedHashMap<>();
    if (Files.isRegularFile(dictionary)) {
      read(dictionary)
          .path("splits")
          .forEach(name -> splits.put(name.asText(), folder.resolve(name.asText())));
    }
    return splits;
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
      throw new DataException(folder, "cannot be read: " + e.getMessage(), e);
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
