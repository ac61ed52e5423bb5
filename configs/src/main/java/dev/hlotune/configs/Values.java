package dev.hlotune.configs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Gathers the values of the records, under the keys they came from. */
final class Values {
  private final Map<Key<?>, Object> plain = new LinkedHashMap<>();

  <T> Values put(Key<T> key, T value) {
    plain.put(key, key.type().plain(value));
    return this;
  }

  <T> Values put(Key<T> key, Optional<T> value) {
    value.ifPresent(present -> put(key, present));
    return this;
  }

  /** The map, where it has anything. */
  static Optional<Map<String, String>> some(Map<String, String> map) {
    return map.isEmpty() ? Optional.empty() : Optional.of(map);
  }

  /** By name, in the order of the table; keys of a mapping are in it. */
  Map<String, Object> inOrderOf(KeyTable table) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    Map<String, Map<String, Object>> groups = new LinkedHashMap<>();
    for (Key<?> key : table.keys()) {
      Object value = plain.get(key);
      String group = KeyTable.group(key);
      if (value != null && group.equals(key.name())) {
        ordered.put(group, value);
      } else if (value != null) {
        groups
            .computeIfAbsent(group, _ -> new LinkedHashMap<>())
            .put(key.name().substring(group.length() + 1), value);
        ordered.put(group, groups.get(group));
      }
    }
    return ordered;
  }
}
