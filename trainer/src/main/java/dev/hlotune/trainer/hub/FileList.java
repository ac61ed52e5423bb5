package dev.hlotune.trainer.hub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The files of a repository, looked through as {@code datasets} does.
 *
 * @param paths in order
 */
record FileList(List<String> paths) {
  /** By code points, as Python sorts text. */
  static final Comparator<String> ORDER =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /** Files about the data, which are data only where they are named. */
  private static final Set<String> IGNORED =
      Set.of(
          "README.md",
          "config.json",
          "dataset_info.json",
          "dataset_infos.json",
          "dummy_data.zip",
          "dataset_dict.json");

  private static final int SHOWN = 5;

  static FileList of(Collection<String> paths) {
    return new FileList(paths.stream().sorted(ORDER).toList());
  }

  FileList {
    paths = List.copyOf(paths);
  }

  /**
   * The files that match a pattern, in order. Hidden files and folders, and folders that begin with
   * two underscores, match only where the pattern has as many of them.
   */
  List<String> matching(String pattern) {
    Pattern compiled = Glob.compile(pattern);
    String name = name(pattern);
    return paths.stream()
        .filter(path -> compiled.matcher(path).matches())
        .filter(path -> !IGNORED.contains(name(path)) || name(path).equals(name))
        .filter(path ->
            count(folder(path), part -> part.startsWith("__"))
                == count(folder(pattern), part -> part.startsWith("__")))
        .filter(path -> count(path, FileList::isHidden) == count(pattern, FileList::isHidden))
        .toList();
  }

  private static boolean isHidden(String part) {
    return part.startsWith(".") && !part.chars().allMatch(c -> c == '.');
  }

  private static long count(String path, Predicate<String> kind) {
    return Arrays.stream(path.split("/")).filter(kind).count();
  }

  /** A few of them, as an error shows them. */
  String sample() {
    return paths.isEmpty()
        ? ""
        : "; it has '"
            + String.join("', '", paths.subList(0, Math.min(paths.size(), SHOWN)))
            + (paths.size() > SHOWN ? "' and %d more".formatted(paths.size() - SHOWN) : "'");
  }

  /** The last part of a path. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** A path or pattern below a folder; the folder may be empty. */
  static String below(String folder, String path) {
    String plain = path.replaceFirst("^(\\./+)+", "");
    return folder.isEmpty() ? plain : folder + "/" + plain;
  }
}
