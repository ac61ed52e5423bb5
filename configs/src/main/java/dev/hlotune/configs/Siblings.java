package dev.hlotune.configs;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What else is set beside a setting: some spellings mean one thing in one system and another in the
 * next, and the others of their system tell which.
 *
 * @param here by name, the settings of the same recipe or command line; empty text for null
 * @param all the same of recipe and command line together, the latter going over the former
 */
record Siblings(Map<String, String> here, Map<String, String> all) {
  /** Nothing is set beside it. */
  static final Siblings NONE = new Siblings(Map.of(), Map.of());

  Siblings {
    here = Map.copyOf(here);
    all = Map.copyOf(all);
  }

  /** The siblings within each of several layers, later ones going over earlier ones. */
  static List<Siblings> of(List<List<RawSetting>> layers) {
    Map<String, String> all = new HashMap<>();
    layers.forEach(layer -> all.putAll(byName(layer)));
    return layers.stream().map(layer -> new Siblings(byName(layer), all)).toList();
  }

  private static Map<String, String> byName(List<RawSetting> layer) {
    Map<String, String> texts = new HashMap<>();
    layer.forEach(setting -> texts.put(plain(setting.name()), setting.text().orElse("")));
    return texts;
  }

  /** A name as tables have it: with underscores, in lower case. */
  static String plain(String spelled) {
    return spelled.replace('-', '_').toLowerCase(Locale.ROOT);
  }

  /** Whether one of these names stands in the same recipe or command line. */
  boolean hasAny(Set<String> names) {
    return names.stream().anyMatch(here::containsKey);
  }

  /** The text of the first of these names that is set anywhere. */
  Optional<String> first(List<String> names) {
    return names.stream().filter(all::containsKey).findFirst().map(all::get);
  }

  /** Whether a name in the same recipe or command line has a text that says yes. */
  boolean says(String name) {
    String text = here.getOrDefault(name, "");
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("yes") || text.equals("1");
  }
}
