package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.report.RunDifference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What differs between two runs, as lines and as JSON. */
final class DifferenceText {
  private static final int HEAD = 12;
  private static final int LONGEST = 48;

  private DifferenceText() {}

  static List<String> lines(RunDifference difference) {
    List<String> lines = new ArrayList<>();
    difference.facts().forEach((section, entries) -> add(section, entries, lines));
    difference
        .metrics()
        .ifPresent(from -> {
          lines.add(
              head("metrics")
                  + "the first of %s that differs: update %s"
                      .formatted(
                          Amounts.counted(difference.compared(), "common line"),
                          Amounts.count(from.step())));
          add("", from.entries(), lines);
        });
    if (difference.metrics().isEmpty()) {
      lines.add(
          head("metrics")
              + (difference.compared() == 0
                  ? "no update of which both have a line"
                  : "the same to the last digit in "
                      + Amounts.counted(difference.compared(), "common line")));
    }
    add("results", difference.results(), lines);
    add("not counted", difference.uncounted(), lines);
    lines.add(difference.differs() ? "the runs differ" : "the runs are the same");
    return lines;
  }

  private static void add(String section, List<RunDifference.Entry> entries, List<String> lines) {
    int width = entries.stream().mapToInt(entry -> entry.key().length()).max().orElse(0);
    String before = section;
    for (RunDifference.Entry entry : entries) {
      lines.add(
          head(before)
              + entry.key()
              + " ".repeat(width - entry.key().length() + 2)
              + value(entry.first())
              + "  |  "
              + value(entry.second()));
      before = "";
    }
  }

  private static String head(String section) {
    return section + " ".repeat(Math.max(1, HEAD - section.length()));
  }

  private static String value(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    String text = value.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  static Map<String, Object> fields(RunDifference difference) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("same", !difference.differs());
    difference.facts().forEach((section, entries) -> fields.put(section, pairs(entries)));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("compared", difference.compared());
    difference
        .metrics()
        .ifPresent(from -> {
          metrics.put("first_difference", from.step());
          metrics.put("figures", pairs(from.entries()));
        });
    fields.put("metrics", metrics);
    fields.put("results", pairs(difference.results()));
    fields.put("not_counted", pairs(difference.uncounted()));
    return fields;
  }

  private static Map<String, List<@Nullable Object>> pairs(List<RunDifference.Entry> entries) {
    Map<String, List<@Nullable Object>> pairs = new LinkedHashMap<>();
    entries.forEach(entry -> pairs.put(entry.key(), Arrays.asList(entry.first(), entry.second())));
    return pairs;
  }
}
