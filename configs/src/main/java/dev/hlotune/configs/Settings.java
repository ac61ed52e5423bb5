package dev.hlotune.configs;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values that were set, each of its key's type, with their origins.
 *
 * @param values by key; a key that was not set is absent
 * @param origins where each value was written
 */
record Settings(Map<Key<?>, Object> values, Map<Key<?>, Origin> origins) {

  Settings {
    values = Map.copyOf(values);
    origins = Map.copyOf(origins);
  }

  /** The value set, or the preset, if there is either. */
  @SuppressWarnings("unchecked") // the resolver puts nothing but values parsed by the key's type
  <T> Optional<T> find(Key<T> key) {
    T set = (T) values.get(key);
    return set == null ? key.preset() : Optional.of(set);
  }

  /** The value set; empty where the preset would do. */
  @SuppressWarnings("unchecked") // as for find
  <T> Optional<T> given(Key<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }

  /** As {@link #find}, for a key that is required or has a preset. */
  <T> T get(Key<T> key) {
    return find(key)
        .orElseThrow(() ->
            new ConfigException(
                List.of(
                    Problem.with(
                        key,
                        "'"
                            + key.name()
                            + "': expected a value, got none; set it in the"
                            + " recipe or with --"
                            + key.name()))));
  }
}
