package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of another system, as they were recorded of its releases, and what each says here.
 *
 * @param groups keys that are declared together there
 */
record PeerKeys(List<Group> groups) {

  /**
   * Keys that are declared together.
   *
   * @param title where
   * @param keys in their order there
   */
  record Group(String title, List<Entry> keys) {
    Group {
      keys = List.copyOf(keys);
    }
  }

  /**
   * One key.
   *
   * @param name as it is there
   * @param preset the value that it has there without being set; empty where there is none
   * @param meanings what it says here, the first of which holds in its place; empty for a key of
   *     the same name and meaning
   */
  record Entry(String name, Optional<String> preset, List<Alias> meanings) {
    Entry {
      meanings = List.copyOf(meanings);
    }

    /** Whether it is a key here. */
    boolean isKey() {
      return meanings.isEmpty();
    }

    /** The key here that it sets first, if it sets one. */
    Optional<Key<?>> key() {
      return isKey()
          ? SftKeys.TABLE.find(name).map(KeyTable.Match::key)
          : meanings.stream()
              .flatMap(alias -> alias.key().stream())
              .findFirst()
              .flatMap(SftKeys.TABLE::find)
              .map(KeyTable.Match::key);
    }
  }

  PeerKeys {
    groups = List.copyOf(groups);
  }

  static PeerKeys of(Peer peer) {
    String file = "peers/" + peer.spelled() + ".json";
    try (InputStream stream = PeerKeys.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("expected the resource " + file + ", got none");
      }
      Map<String, Map<String, JsonNode>> read = new LinkedHashMap<>();
      for (JsonNode group : new JsonMapper().readTree(stream).get("groups")) {
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        group.get("keys").properties().forEach(key -> keys.put(key.getKey(), key.getValue()));
        read.put(group.get("title").asText(), keys);
      }
      List<Group> groups = new ArrayList<>();
      read.forEach((title, keys) -> {
        List<Entry> entries = new ArrayList<>();
        keys.forEach(
            (name, preset) -> entries.add(new Entry(name, text(preset), meanings(peer, name))));
        groups.add(new Group(title, entries));
      });
      return new PeerKeys(groups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> text(JsonNode preset) {
    return preset.isNull()
        ? Optional.empty()
        : Optional.of(preset.isContainerNode() ? preset.toString() : preset.asText());
  }

  /**
   * What a name says here, among others of its system.
   *
   * @throws IllegalStateException if nothing is known of it
   */
  private static List<Alias> meanings(Peer peer, String name) {
    if (peer == Peer.DEEPSPEED) {
      return known(peer, name, DeepSpeedKeys.of(name));
    }
    Map<String, String> beside = new LinkedHashMap<>();
    marks(peer).forEach(mark -> beside.put(mark, ""));
    if (peer == Peer.NANOCHAT) {
      beside.put("eval_every", "1");
    }
    Siblings siblings = new Siblings(beside, beside);
    List<Alias> others =
        SftKeys.TABLE.others(name).stream()
            .filter(alias -> alias.holds(siblings))
            .limit(1)
            .toList();
    Optional<KeyTable.Match> match = SftKeys.TABLE.find(name);
    if (others.isEmpty() && match.filter(it -> it.alias().isEmpty()).isPresent()) {
      return List.of();
    }
    return others.isEmpty()
        ? known(peer, name, match.flatMap(KeyTable.Match::alias).stream().toList())
        : others;
  }

  private static List<Alias> known(Peer peer, String name, List<Alias> meanings) {
    if (meanings.isEmpty()) {
      throw new IllegalStateException(
          peer.title() + ": expected a meaning of '" + name + "', got none");
    }
    return meanings;
  }

  /** Names that no other system has. */
  static Set<String> marks(Peer peer) {
    return switch (peer) {
      case EASYDEL -> EasydelOthers.MARKS;
      case NANOCHAT -> NanochatOthers.MARKS;
      case TUFT -> TuftOthers.MARKS;
      case TRL, DEEPSPEED -> Set.of();
    };
  }
}
