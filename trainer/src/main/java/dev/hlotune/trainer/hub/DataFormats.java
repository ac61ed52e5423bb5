package dev.hlotune.trainer.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What kind of data files are, by the endings of their names, as {@code datasets} decides it. */
final class DataFormats {
  /** Those that hold text in columns. */
  static final Set<String> TEXT = Set.of("json", "csv", "parquet", "arrow", "text");

  /** Kind by ending, the dot included. */
  private static final Map<String, String> KINDS = read();

  /** Those that win where several endings are equally frequent, the strongest last. */
  private static final List<String> STRONG =
      List.of(".csv", ".json", ".jsonl", ".arrow", ".vortex", ".lance", ".parquet");

  /** Tables beside pictures and the like: they say what kind it is only where nothing else does. */
  private static final Set<String> BESIDES =
      Set.of(
          "instruction.md",
          "latest_version_hint.json",
          "metadata.csv",
          "metadata.jsonl",
          "metadata.parquet",
          "task.toml");

  private DataFormats() {}

  private static Map<String, String> read() {
    Properties lines = new Properties();
    try (InputStream in =
        Objects.requireNonNull(DataFormats.class.getResourceAsStream("formats.properties"))) {
      lines.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    Map<String, String> kinds = new HashMap<>();
    for (String kind : lines.stringPropertyNames()) {
      List<String> words = List.of(lines.getProperty(kind).split("\\s+"));
      for (String word : words) {
        if (word.startsWith(".")) {
          kinds.put(word, kind);
          if (words.contains("ANY-CASE")) {
            kinds.put(word.toUpperCase(Locale.ROOT), kind);
          }
        }
      }
    }
    return Map.copyOf(kinds);
  }

  /** Whether a file is data of any kind, compressed or not. */
  static boolean isData(String path) {
    return endings(path).anyMatch(KINDS::containsKey);
  }

  /** All endings of a file's name: {@code .jsonl} and {@code .gz}. */
  private static Stream<String> endings(String path) {
    return Arrays.stream(FileList.name(path).split("\\.", -1)).skip(1).map(ending -> "." + ending);
  }

  /** The kind of most of the files; empty where none is known. */
  static Optional<String> of(List<String> paths) {
    record Ending(String text, boolean besides) {}

    Map<Ending, Long> counts =
        paths.stream()
            .flatMap(path ->
                endings(path)
                    .map(ending ->
                        new Ending(
                            ending.toLowerCase(Locale.ROOT),
                            BESIDES.contains(FileList.name(path)))))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return counts.entrySet().stream()
        .filter(entry -> KINDS.containsKey(entry.getKey().text()))
        .max(
            Comparator.<Map.Entry<Ending, Long>, Boolean>comparing(
                    entry -> !entry.getKey().besides())
                .thenComparingLong(Map.Entry::getValue)
                .thenComparingInt(entry -> STRONG.indexOf(entry.getKey().text()))
                .thenComparing(entry -> entry.getKey().text()))
        .map(entry -> KINDS.get(entry.getKey().text()));
  }

  /** Those files that are of a kind. */
  static List<String> only(String kind, List<String> paths) {
    return paths.stream()
        .filter(path -> endings(path).anyMatch(ending -> kind.equals(KINDS.get(ending))))
        .toList();
  }
}
