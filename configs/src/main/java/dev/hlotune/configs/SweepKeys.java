package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The one key that a sweep has beyond those of a run. */
final class SweepKeys {
  private SweepKeys() {}

  static final Key<Map<String, Object>> GRID =
      Key.optional(
          "grid",
          new JsonMap(),
          "Lists of values by key; every combination of them is a run of its own.");

  static final KeyTable TABLE = new KeyTable(sections(), OtherSpellings.ALL);

  private static List<KeyTable.Section> sections() {
    List<KeyTable.Section> sections = new ArrayList<>(SftKeys.TABLE.sections());
    sections.add(new KeyTable.Section("Sweep", List.of(GRID)));
    return sections;
  }
}
