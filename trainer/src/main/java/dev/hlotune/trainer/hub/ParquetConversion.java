package dev.hlotune.trainer.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the hub itself makes of a data set that only a program of its own can read: the branch
 * {@code refs/convert/parquet}, with a file {@code CONFIG/SPLIT/0000.parquet} for each part.
 *
 * @param card the configurations and splits there are
 * @param cut the splits, as {@code CONFIG/SPLIT}, that are only a first part, because the data set
 *     is too large for the hub to convert
 */
record ParquetConversion(DatasetCard card, List<String> cut) {
  /** The branch. */
  static final String REVISION = "refs/convert/parquet";

  private static final Pattern FILE = Pattern.compile("([^/]+)/(partial-)?([^/]+)/[^/]+\\.parquet");

  ParquetConversion {
    cut = List.copyOf(cut);
  }

  /** The program's name, where a data set has one. */
  static String script(String id) {
    return FileList.name(id) + ".py";
  }

  /** Reads the names of the branch's files. */
  static ParquetConversion of(FileList files) {
    Map<String, Map<String, List<String>>> configs = new LinkedHashMap<>();
    TreeSet<String> cut = new TreeSet<>();
    for (String path : files.paths()) {
      Matcher part = FILE.matcher(path);
      if (part.matches()) {
        configs
            .computeIfAbsent(part.group(1), _ -> new LinkedHashMap<>())
            .computeIfAbsent(part.group(3), _ -> new ArrayList<>())
            .add(Glob.quote(path));
        if (part.group(2) != null) {
          cut.add(part.group(1) + "/" + part.group(3));
        }
      }
    }
    return new ParquetConversion(
        new DatasetCard(
            configs.entrySet().stream()
                .map(entry ->
                    new DatasetCard.Config(
                        entry.getKey(), Optional.of(entry.getValue()), "", false))
                .toList()),
        List.copyOf(cut));
  }
}
