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

  /** By name, in the order of the table. */
  Map<String, Object> inOrderOf(KeyTable table) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (Key<?> key : table.keys()) {
      Object value = plain.get(key);
      if (value != null) {
        ordered.put(key.name(), value);
      }
    }
    return ordered;
  }
}
