package dev.hlotune.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A spelling of another system with what it says here, as help and documentation show it.
 *
 * @param name the spelling
 * @param keys the keys here that it says something of, possibly none
 * @param how what becomes of its value, or why it says nothing
 * @param effect what it does
 * @param presetThere its default there; empty where it has none or none is known
 * @param presetHere the default of the key here; empty where it has none
 */
record PeerRow(
    String name,
    List<String> keys,
    String how,
    Effect effect,
    Optional<String> presetThere,
    Optional<String> presetHere) {

  /** What a spelling does. */
  enum Effect {
    /** It is a key here, of the same meaning. */
    KEY,
    /** It is read as one or more keys. */
    READ,
    /** It has no effect here, whatever its value. */
    NONE,
    /** It may ask for what is done here, and for nothing else. */
    ONLY,
    /** It names a file of keys. */
    FILE
  }

  PeerRow {
    keys = List.copyOf(keys);
  }

  static PeerRow of(PeerKeys.Entry entry) {
    Optional<String> here = entry.key().map(Key::presetText).filter(text -> !text.isEmpty());
    if (entry.isKey()) {
      return new PeerRow(entry.name(), List.of(entry.name()), "", Effect.KEY, entry.preset(), here);
    }
    return of(entry.name(), entry.meanings().getFirst(), entry.preset(), here);
  }

  /** A spelling that no system is asked about. */
  static PeerRow of(Alias alias) {
    return of(alias.name(), alias, Optional.empty(), Optional.empty());
  }

  private static PeerRow of(
      String name, Alias alias, Optional<String> presetThere, Optional<String> presetHere) {
    return switch (alias.meaning()) {
      case Meaning.Sets sets ->
          new PeerRow(name, sets.keys(), sets.how(), Effect.READ, presetThere, presetHere);
      case Meaning.Nothing nothing ->
          new PeerRow(
              name, List.of(), nothing.reason(), Effect.NONE, presetThere, Optional.empty());
      case Meaning.Only only ->
          new PeerRow(
              name,
              List.of(),
              (only.expected().isEmpty() ? "" : "only " + only.expected() + ": ") + only.reason(),
              Effect.ONLY,
              presetThere,
              Optional.empty());
      case Meaning.File file ->
          new PeerRow(name, List.of(), file.what(), Effect.FILE, presetThere, Optional.empty());
    };
  }

  /** What it says here, in words. */
  String here() {
    return switch (effect) {
      case KEY -> "the same key";
      case READ -> quoted() + (how.isEmpty() ? "" : ": " + how);
      case NONE -> "no effect: " + how;
      case ONLY -> how.startsWith("only ") ? how : "none: " + how;
      case FILE -> how;
    };
  }

  private String quoted() {
    return keys.stream().map(key -> "'" + key + "'").collect(Collectors.joining(", "));
  }

  /** As JSON has it. */
  Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", name);
    plain.put("effect", effect.name().toLowerCase(Locale.ROOT));
    if (!keys.isEmpty()) {
      plain.put("keys", keys);
    }
    if (!how.isEmpty()) {
      plain.put(effect == Effect.NONE || effect == Effect.ONLY ? "reason" : "how", how);
    }
    presetThere.ifPresent(preset -> plain.put("default", preset));
    presetHere.ifPresent(preset -> plain.put("default_here", preset));
    return plain;
  }
}
