package dev.hlotune.trainer.hub;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which files of a repository are one split of one configuration, as {@code datasets} finds them
 * without running code: by what the request names, else by what the repository declares, else by
 * the names of its files.
 *
 * @param config the configuration
 * @param format the kind of its files
 * @param paths its files in order
 */
record DatasetLayout(String config, String format, List<String> paths) {
  private static final String DEFAULT = "default";

  DatasetLayout {
    paths = List.copyOf(paths);
  }

  /**
   * Finds the files.
   *
   * @throws DataException if there is no such configuration or split, or nothing that can be read
   */
  static DatasetLayout of(DatasetRequest request, DatasetCard card, FileList files) {
    Optional<DatasetCard.Config> config = config(request, card);
    String folder = request.dataDir().map(DatasetLayout::trimmed).orElse("");
    Map<String, List<String>> patterns;
    if (!request.dataFiles().isEmpty()) {
      patterns = Map.of("train", request.dataFiles());
    } else if (!folder.isEmpty() || config.isEmpty()) {
      patterns = SplitPatterns.of(files, folder);
    } else {
      folder = config.get().folder();
      String below = folder;
      patterns = config.get().files().orElseGet(() -> SplitPatterns.of(files, below));
    }
    Map<String, List<String>> splits = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : patterns.entrySet()) {
      splits.put(entry.getKey(), resolved(request, entry.getValue(), folder, files));
    }
    List<String> found = splits.getOrDefault(request.split(), List.of());
    if (found.isEmpty()) {
      throw noSplit(request, patterns, splits, folder);
    }
    String name = config.map(DatasetCard.Config::name).orElse(DEFAULT);
    String kind = DataFormats.of(found).orElse("none");
    if (!DataFormats.TEXT.contains(kind)) {
      throw new DataException(
          "'%s': expected text (JSON, CSV, Parquet, Arrow or .txt) in split '%s', got files of kind '%s' such as '%s'"
              .formatted(request.id(), request.split(), kind, found.getFirst()));
    }
    return new DatasetLayout(name, kind, DataFormats.only(kind, found));
  }

  private static Optional<DatasetCard.Config> config(DatasetRequest request, DatasetCard card) {
    List<String> names =
        card.configs().isEmpty()
            ? List.of(DEFAULT)
            : card.configs().stream().map(DatasetCard.Config::name).toList();
    if (request.config().isPresent()) {
      String wanted = request.config().get();
      if (!names.contains(wanted)) {
        throw new DataException(
            "'%s': expected one of its configurations %s, got '%s'"
                .formatted(request.id(), quoted(names), wanted));
      }
      return card.configs().stream().filter(config -> config.name().equals(wanted)).findFirst();
    }
    List<DatasetCard.Config> defaults =
        card.configs().stream()
            .filter(config ->
                card.configs().size() == 1 || config.name().equals(DEFAULT) || config.marked())
            .toList();
    boolean named = !request.dataFiles().isEmpty() || request.dataDir().isPresent();
    if (defaults.size() > 1 || (defaults.isEmpty() && !card.configs().isEmpty() && !named)) {
      throw new DataException(
          "'%s': expected one of its configurations %s, got none; name it"
              .formatted(request.id(), quoted(names)));
    }
    return defaults.stream().findFirst();
  }

  /** Each file once, although {@code datasets} gives one twice that two patterns match. */
  private static List<String> resolved(
      DatasetRequest request, List<String> patterns, String folder, FileList files) {
    Set<String> found = new LinkedHashSet<>();
    for (String pattern : patterns) {
      if (pattern.contains("://") || pattern.startsWith("/")) {
        throw new DataException(
            "'%s': expected data files of the repository itself, got '%s'; fetch it and name the file"
                .formatted(request.id(), pattern));
      }
      List<String> matching = files.matching(FileList.below(folder, pattern));
      if (matching.isEmpty() && !Glob.isPattern(pattern)) {
        throw new DataException(
            "'%s': expected the data file '%s', got none%s"
                .formatted(request.id(), FileList.below(folder, pattern), files.sample()));
      }
      matching.stream().filter(DataFormats::isData).forEach(found::add);
    }
    return List.copyOf(found);
  }

  private static DataException noSplit(
      DatasetRequest request,
      Map<String, List<String>> patterns,
      Map<String, List<String>> splits,
      String folder) {
    List<String> there = new ArrayList<>(splits.keySet());
    there.removeIf(split -> splits.getOrDefault(split, List.of()).isEmpty());
    if (patterns.containsKey(request.split()) || there.isEmpty()) {
      return new DataException(
          "'%s': expected data files for split '%s'%s, got none%s"
              .formatted(
                  request.id(),
                  request.split(),
                  folder.isEmpty() ? "" : " in '" + folder + "'",
                  Optional.ofNullable(patterns.get(request.split()))
                      .map(sought -> " that match " + quoted(sought))
                      .orElse("")));
    }
    return new DataException(
        "'%s': expected one of its splits %s, got '%s'"
            .formatted(request.id(), quoted(there), request.split()));
  }

  private static String trimmed(String folder) {
    return folder.strip().replaceFirst("^(\\./+)+", "").replaceAll("^/+|/+$", "");
  }

  static String quoted(Collection<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }
}
