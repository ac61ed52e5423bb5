package dev.hlotune.configs;

import java.util.Optional;

/**
 * What a setting says of one key.
 *
 * @param key by its present name
 * @param text the value; empty takes it back
 * @param mild whether it gives way to what the same recipe or command line says of the key
 *     otherwise: {@code bf16: false} beside {@code fp16: true} says nothing
 */
record Assignment(String key, Optional<String> text, boolean mild) {

  static Assignment of(String key, String text) {
    return new Assignment(key, Optional.of(text), false);
  }

  static Assignment mild(String key, String text) {
    return new Assignment(key, Optional.of(text), true);
  }
}
