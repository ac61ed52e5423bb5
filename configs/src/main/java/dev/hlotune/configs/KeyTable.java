package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All keys of a kind of run, in the order of help: the one source of parsing, help, documentation
 * and checks.
 */
final class KeyTable {

  /** Keys that belong together in help. */
  record Section(String title, List<Key<?>> keys) {}

  /** A key found by one of its spellings; the alias is empty where it is the present one. */
  record Match(Key<?> key, Optional<Alias> alias) {}

  private final List<Section> sections;
  private final Map<String, Match> bySpelling = new HashMap<>();

  KeyTable(List<Section> sections) {
    this.sections = List.copyOf(sections);
    for (Key<?> key : keys()) {
      put(key.name(), new Match(key, Optional.empty()));
      for (Alias alias : key.aliases()) {
        put(alias.name(), new Match(key, Optional.of(alias)));
      }
    }
  }

  private void put(String spelling, Match match) {
    if (bySpelling.put(spelling, match) != null) {
      throw new IllegalArgumentException(
          "key table: expected each spelling once, got '" + spelling + "' twice");
    }
  }

  List<Section> sections() {
    return sections;
  }

  List<Key<?>> keys() {
    List<Key<?>> all = new ArrayList<>();
    sections.forEach(section -> all.addAll(section.keys()));
    return all;
  }

  /** The key of a spelling; dashes stand for underscores. */
  Optional<Match> find(String spelled) {
    return Optional.ofNullable(bySpelling.get(spelled.replace('-', '_')));
  }

  /** The known key that an unknown spelling is closest to, if one is close. */
  Optional<String> nearest(String unknown) {
    String wanted = unknown.replace('-', '_').toLowerCase(Locale.ROOT);
    int best = Math.max(1, wanted.length() / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (Key<?> key : keys()) {
      for (String spelling : spellings(key)) {
        int distance = EditDistance.between(wanted, spelling);
        if (distance < best) {
          best = distance;
          nearest = Optional.of(key.name());
        }
      }
    }
    return nearest;
  }

  private static List<String> spellings(Key<?> key) {
    List<String> all = new ArrayList<>(List.of(key.name()));
    key.aliases().forEach(alias -> all.add(alias.name()));
    return all;
  }
}
