package dev.hlotune.configs;

import java.util.function.UnaryOperator;

/**
 * Another spelling of a key, from an older release or another trainer.
 *
 * @param name the other spelling
 * @param flag whether, as an option, it can stand without a value
 * @param value turns a value under the other spelling into one of the key; throws
 *     IllegalArgumentException, as {@link KeyType#parse(String)} does, where it cannot
 */
record Alias(String name, boolean flag, UnaryOperator<String> value) {

  static Alias of(String name) {
    return new Alias(name, false, UnaryOperator.identity());
  }
}
