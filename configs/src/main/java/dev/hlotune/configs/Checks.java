package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Collects what is wrong with a record, so that its compact constructor reports all at once. */
final class Checks {
  private final List<Problem> problems = new ArrayList<>();

  /** Holds the bounds that the table of keys gives. */
  <T> Checks within(Key<T> key, T value) {
    key.check(value).ifPresent(problems::add);
    return this;
  }

  /** Adds a problem found elsewhere. */
  void add(Problem problem) {
    problems.add(problem);
  }

  /** As {@link #within} where there is a value. */
  <T> Checks within(Key<T> key, Optional<T> value) {
    value.flatMap(key::check).ifPresent(problems::add);
    return this;
  }

  /**
   * Holds a rule across keys.
   *
   * @param keys the keys concerned, the one to point at first
   */
  Checks require(boolean holds, String message, Key<?>... keys) {
    if (!holds) {
      problems.add(
          new Problem(Optional.empty(), Stream.of(keys).<String>map(Key::name).toList(), message));
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws ConfigException with every problem found
   */
  void done() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
