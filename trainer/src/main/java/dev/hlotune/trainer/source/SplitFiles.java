package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Which split a file belongs to, by its name, as {@code datasets} has it: names like {@code
 * data/train-00000-of-00002.parquet} say it for all files; else folders called by a split; else
 * files called by one; else all is {@code train}.
 */
final class SplitFiles {
  private static final Pattern SHARD =
      Pattern.compile("data/(\\w+(?:[.]\\w+)*)-\\d{5}-of-\\d{5}[^/]*[.][^/]*");

  private static final Map<String, String> KEYWORDS = new LinkedHashMap<>();

  static {
    KEYWORDS.put("train", "train|training");
    KEYWORDS.put("validation", "validation|valid|dev|val");
    KEYWORDS.put("test", "test|testing|eval|evaluation");
  }

  private SplitFiles() {}

  /**
   * The files of each split, in the order of the files.
   *
   * @param names for each file its path from the folder that was named, with slashes
   */
  static Map<String, List<Path>> of(Map<Path, String> names) {
    Map<String, List<Path>> shards = new LinkedHashMap<>();
    names.forEach((file, name) -> {
      Matcher matcher = SHARD.matcher(name);
      if (matcher.matches()) {
        shards.computeIfAbsent(matcher.group(1), split -> new ArrayList<>()).add(file);
      }
    });
    if (!shards.isEmpty()) {
      return shards;
    }
    Map<String, List<Path>> found = new LinkedHashMap<>();
    for (boolean byFolder : new boolean[] {true, false}) {
      KEYWORDS.forEach((split, words) -> {
        Predicate<String> says =
            Pattern.compile("(?:.*[-._ 0-9])?(?:" + words + ")(?:[-._ 0-9].*)?").asMatchPredicate();
        List<Path> files =
            names.entrySet().stream()
                .filter(entry -> says(Path.of(entry.getValue()), byFolder, says))
                .map(Map.Entry::getKey)
                .toList();
        if (!files.isEmpty()) {
          found.put(split, files);
        }
      });
      if (!found.isEmpty()) {
        return found;
      }
    }
    return Map.of("train", List.copyOf(names.keySet()));
  }

  private static boolean says(Path path, boolean byFolder, Predicate<String> says) {
    if (!byFolder) {
      return says.test(String.valueOf(path.getFileName()));
    }
    Path parent = path.getParent();
    return parent != null
        && StreamSupport.stream(parent.spliterator(), false)
            .anyMatch(part -> says.test(part.toString()));
  }
}
