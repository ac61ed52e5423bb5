package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Special tokens that a tokenizer shall have, whether its files have them or not.
 *
 * @param additional those without a role
 * @param bos the token that begins a text; empty leaves the tokenizer's own, as for the next two
 * @param eos the token that ends a text
 * @param pad the token that pads
 */
public record WantedTokens(
    List<String> additional, Optional<String> bos, Optional<String> eos, Optional<String> pad) {
  /** Nothing beyond what the files have. */
  public static final WantedTokens NONE =
      new WantedTokens(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Keeps its own copy of the list; no token may be empty. */
  public WantedTokens {
    additional = List.copyOf(additional);
    if (Stream.concat(additional.stream(), Stream.of(bos, eos, pad).flatMap(Optional::stream))
        .anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("special token: expected a text, got an empty one");
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all().isEmpty();
  }

  /** Those with a role, by the key of {@code tokenizer_config.json}. */
  Map<String, String> roles() {
    Map<String, String> roles = new LinkedHashMap<>();
    bos.ifPresent(token -> roles.put("bos_token", token));
    eos.ifPresent(token -> roles.put("eos_token", token));
    pad.ifPresent(token -> roles.put("pad_token", token));
    return roles;
  }

  /** Each once, in the order in which transformers gives them ids: those with a role first. */
  List<String> all() {
    List<String> all = new ArrayList<>(roles().values());
    all.addAll(additional);
    return all.stream().distinct().toList();
  }
}
