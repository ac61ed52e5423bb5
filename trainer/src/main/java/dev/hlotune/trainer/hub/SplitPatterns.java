package dev.hlotune.trainer.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code datasets} takes for the splits of a repository that declares none, by the names of
 * its files and folders. The first of these that finds anything decides:
 *
 * <ol>
 *   <li>{@code data/SPLIT-00000-of-00002.parquet}, whatever the splits are called;
 *   <li>logs ({@code *.eval}) and tasks ({@code task.toml});
 *   <li>folders with a split's name in theirs: {@code train}, {@code my-train_data}
 *   <li>files with a split's name in theirs: {@code train.jsonl}, {@code data.valid.csv}
 *   <li>everything, as {@code train}.
 * </ol>
 *
 * <p>A split's name stands at the edge of a name or beside a dash, dot, underscore, space or digit.
 */
final class SplitPatterns {
  private static final String SEPARATOR = "[-._ 0-9]";
  private static final String SHARDED =
      "data/%s-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]*.*";
  private static final Pattern SHARD = Pattern.compile("(.+)-\\d{5}-of-\\d{5}.*");
  private static final List<String> STANDARD = List.of("train", "validation", "test");
  private static final Map<String, List<String>> KEYWORDS = keywords();
  private static final List<Map<String, List<String>>> CANDIDATES =
      List.of(
          Map.of("logs", List.of("**/*.eval")),
          Map.of("test", List.of("**/task.toml", "**/instruction.md")),
          byKeyword("**/%s/**", "**/%s%s*/**", "**/*%2$s%1$s/**", "**/*%2$s%1$s%2$s*/**"),
          byKeyword("**/%s%s*", "**/*%2$s%1$s%2$s*"),
          Map.of("train", List.of("**")));

  private SplitPatterns() {}

  private static Map<String, List<String>> keywords() {
    Map<String, List<String>> keywords = new LinkedHashMap<>();
    keywords.put("train", List.of("train", "training"));
    keywords.put("validation", List.of("validation", "valid", "dev", "val"));
    keywords.put("test", List.of("test", "testing", "eval", "evaluation"));
    return keywords;
  }

  private static Map<String, List<String>> byKeyword(String... forms) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    KEYWORDS.forEach((split, words) ->
        patterns.put(
            split,
            words.stream()
                .flatMap(word -> Stream.of(forms).map(form -> form.formatted(word, SEPARATOR)))
                .toList()));
    return patterns;
  }

  /**
   * The patterns of each split, relative to a folder.
   *
   * @param folder to look in; empty is the whole repository
   * @return by split, the standard ones first; empty where there are no files at all
   */
  static Map<String, List<String>> of(FileList files, String folder) {
    Optional<Map<String, List<String>>> sharded = sharded(files, folder);
    if (sharded.isPresent()) {
      return sharded.get();
    }
    for (Map<String, List<String>> candidate : CANDIDATES) {
      Map<String, List<String>> found = new LinkedHashMap<>();
      candidate.forEach((split, patterns) -> {
        if (patterns.stream()
            .anyMatch(pattern -> !files.matching(FileList.below(folder, pattern)).isEmpty())) {
          found.put(split, patterns);
        }
      });
      if (!found.isEmpty()) {
        return found;
      }
    }
    return Map.of();
  }

  private static Optional<Map<String, List<String>>> sharded(FileList files, String folder) {
    TreeSet<String> splits = new TreeSet<>(FileList.ORDER);
    for (String file : files.matching(FileList.below(folder, SHARDED.formatted("*")))) {
      Matcher shard = SHARD.matcher(FileList.name(file));
      if (shard.matches()) {
        splits.add(shard.group(1));
      }
    }
    if (splits.isEmpty()) {
      return Optional.empty();
    }
    List<String> ordered = new ArrayList<>(STANDARD);
    ordered.retainAll(splits);
    splits.removeAll(STANDARD);
    ordered.addAll(splits);
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    ordered.forEach(split -> patterns.put(split, List.of(SHARDED.formatted(split))));
    return Optional.of(patterns);
  }
}
