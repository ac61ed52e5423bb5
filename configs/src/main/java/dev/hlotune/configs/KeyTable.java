package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All keys of a kind of run, in the order of help, and all spellings of other systems: the one
 * source of parsing, help, documentation and checks.
 */
final class KeyTable {

  /** Keys that belong together in help. */
  record Section(String title, List<Key<?>> keys) {}

  /** A key found by one of its spellings; the alias is empty where it is the present one. */
  record Match(Key<?> key, Optional<Alias> alias) {}

  private final List<Section> sections;
  private final List<Alias> others;
  private final Map<String, Match> bySpelling = new HashMap<>();
  private final Map<String, List<Alias>> otherBySpelling = new HashMap<>();

  KeyTable(List<Section> sections) {
    this(sections, List.of());
  }

  /**
   * A table.
   *
   * @param others spellings that are not of one key alone, or mean something beside certain others
   *     only; of several of one name the first that holds is taken, and then the key of that name
   */
  KeyTable(List<Section> sections, List<Alias> others) {
    this.sections = List.copyOf(sections);
    this.others = List.copyOf(others);
    for (Key<?> key : keys()) {
      put(key.name(), new Match(key, Optional.empty()));
      for (Alias alias : key.aliases()) {
        put(alias.name(), new Match(key, Optional.of(alias)));
      }
    }
    for (Alias alias : others) {
      if (alias.everywhere() && bySpelling.containsKey(alias.name())) {
        throw new IllegalArgumentException(
            "key table: expected one meaning of '" + alias.name() + "', got two");
      }
      otherBySpelling.computeIfAbsent(alias.name(), _ -> new ArrayList<>()).add(alias);
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

  /** The key of a spelling; dashes stand for underscores, and capitals for small letters. */
  Optional<Match> find(String spelled) {
    return Optional.ofNullable(bySpelling.get(Siblings.plain(spelled)));
  }

  /**
   * The keys of a mapping: {@code mesh} holds {@code mesh.data} and others. None for a name that is
   * no mapping of keys.
   */
  List<Key<?>> group(String spelled) {
    String prefix = Siblings.plain(spelled) + ".";
    return keys().stream().filter(key -> key.name().startsWith(prefix)).toList();
  }

  /** The names that a recipe has at the left, in the order of help: a mapping of keys is one. */
  List<String> names() {
    return keys().stream().<String>map(KeyTable::group).distinct().toList();
  }

  /** The mapping that a key stands in; the name of one that stands in none. */
  static String group(Key<?> key) {
    int dot = key.name().indexOf('.');
    return dot < 0 ? key.name() : key.name().substring(0, dot);
  }

  /** The spellings that are not of one key alone, in the order of their systems. */
  List<Alias> others() {
    return others;
  }

  /** The same of one name. */
  List<Alias> others(String spelled) {
    return otherBySpelling.getOrDefault(Siblings.plain(spelled), List.of());
  }

  /** That of them which holds beside other settings. */
  Optional<Alias> other(String spelled, Siblings siblings) {
    return others(spelled).stream().filter(alias -> alias.holds(siblings)).findFirst();
  }

  /** Whether a spelling is known, as a key or otherwise. */
  boolean knows(String spelled) {
    return find(spelled).isPresent() || !others(spelled).isEmpty() || !group(spelled).isEmpty();
  }

  /** Whether it can stand without a value as an option. */
  boolean standsAlone(String spelled) {
    return find(spelled)
            .filter(match ->
                match.alias().filter(Alias::flag).isPresent() || match.key().type().standsAlone())
            .isPresent()
        || others(spelled).stream().anyMatch(Alias::flag);
  }

  /** Whether it may have a list or a mapping in a recipe. */
  boolean structured(String spelled) {
    return find(spelled).filter(match -> match.key().type().structured()).isPresent()
        || !others(spelled).isEmpty();
  }

  /** Whether an option of it may be followed by several words. */
  boolean takesSeveral(String spelled) {
    return find(spelled).filter(match -> match.key().type() instanceof TextList).isPresent()
        || (find(spelled).isEmpty() && !others(spelled).isEmpty());
  }

  /** The known spelling that an unknown one is closest to, if one is close. */
  Optional<String> nearest(String unknown) {
    String wanted = Siblings.plain(unknown);
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
    for (Alias other : others) {
      int distance = EditDistance.between(wanted, other.name());
      if (distance < best) {
        best = distance;
        nearest = Optional.of(other.name());
      }
    }
    return nearest;
  }

  private static List<String> spellings(Key<?> key) {
    return Stream.concat(Stream.of(key.name()), key.aliases().stream().map(Alias::name)).toList();
  }
}
