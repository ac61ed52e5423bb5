package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One key of a recipe: everything that parsing, help, documentation and checks know about it.
 *
 * @param name as in TRL's SFTConfig or transformers' TrainingArguments where one exists
 * @param preset the value where the key is absent; empty where absence means something of its own
 * @param required whether a run needs the key
 * @param explanation one or two sentences; says what absence means where there is no preset
 * @param aliases further spellings that are understood
 * @param <T> the Java type of a value
 */
record Key<T>(
    String name,
    KeyType<T> type,
    Optional<T> preset,
    boolean required,
    String explanation,
    List<Alias> aliases) {

  Key {
    aliases = List.copyOf(aliases);
  }

  static <T> Key<T> required(String name, KeyType<T> type, String explanation) {
    return new Key<>(name, type, Optional.empty(), true, explanation, List.of());
  }

  static <T> Key<T> optional(String name, KeyType<T> type, String explanation) {
    return new Key<>(name, type, Optional.empty(), false, explanation, List.of());
  }

  static <T> Key<T> preset(String name, KeyType<T> type, T preset, String explanation) {
    return new Key<>(name, type, Optional.of(preset), false, explanation, List.of());
  }

  Key<T> alias(String... names) {
    List<Alias> all = new ArrayList<>(aliases);
    for (String other : names) {
      all.add(Alias.of(other, name));
    }
    return new Key<>(name, type, preset, required, explanation, all);
  }

  Key<T> alias(Alias alias) {
    List<Alias> all = new ArrayList<>(aliases);
    all.add(alias);
    return new Key<>(name, type, preset, required, explanation, all);
  }

  /** The default as JSON has it. */
  Optional<Object> plainPreset() {
    return preset.map(type::plain);
  }

  /** The default as help shows it. */
  String presetText() {
    return preset.map(value -> JsonText.shown(type.plain(value))).orElse("");
  }

  /** The problem with a value made in code, if there is one. */
  Optional<Problem> check(T value) {
    try {
      type.check(value);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(Problem.with(this, "'" + name + "': " + e.getMessage()));
    }
  }
}
