package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;

/**
 * One thing that is wrong with a configuration.
 *
 * @param origin the place to look at; empty where a record was made in code or a key is missing
 * @param keys the keys concerned, by their present spelling; empty for an unknown key
 * @param message what was expected and what was found, on one line
 */
public record Problem(Optional<Origin> origin, List<String> keys, String message) {

  public Problem {
    keys = List.copyOf(keys);
  }

  static Problem at(Origin origin, String message) {
    return new Problem(Optional.of(origin), List.of(), message);
  }

  static Problem with(Key<?> key, String message) {
    return new Problem(Optional.empty(), List.of(key.name()), message);
  }

  Problem withOrigin(Optional<Origin> place) {
    return new Problem(place, keys, message);
  }

  @Override
  public String toString() {
    return origin.map(place -> place + ": " + message).orElse(message);
  }
}
