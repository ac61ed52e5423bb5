package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.data.TokenAddition.Change;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a tokenizer with special tokens added, as transformers 5 saves them after {@code
 * add_special_tokens(…, replace_extra_special_tokens=False)}. What is not about these tokens stays
 * as it is, and a file keeps the form that it has: one that transformers 5 did not write gets the
 * keys of transformers 4, which 5 reads as well.
 *
 * @param files new contents by name; a file that stays as it is, is absent
 * @param additions what became of each wanted token, in their order
 * @param addedTokens all added tokens, as {@code tokenizer.json} has them
 * @param config what {@code tokenizer_config.json} says
 */
record TokenizerEdit(
    Map<String, byte[]> files,
    List<TokenAddition> additions,
    List<ObjectNode> addedTokens,
    ObjectNode config) {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String ROLES = "special_tokens_map.json";
  private static final String ADDED_IDS = "added_tokens.json";
  private static final String ADDITIONAL = "additional_special_tokens";
  private static final String EXTRA = "extra_special_tokens";
  private static final String DECODER = "added_tokens_decoder";

  /** The flags of a new token; {@code special} is true. */
  private static final List<String> FALSE =
      List.of("single_word", "lstrip", "rstrip", "normalized");

  static TokenizerEdit of(Path directory, TokenizerJson tokenizer, WantedTokens wanted) {
    ObjectNode config = JsonObjects.readIfPresent(directory.resolve(CONFIG));
    if (wanted.isEmpty()) {
      return new TokenizerEdit(Map.of(), List.of(), tokenizer.addedTokens(), config);
    }
    Map<Integer, ObjectNode> added = new TreeMap<>();
    tokenizer.addedTokens().forEach(token -> added.put(token.path("id").intValue(), token));
    List<TokenAddition> additions = add(tokenizer, wanted, added);
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<ObjectNode> all = List.copyOf(added.values());
    if (additions.stream().anyMatch(addition -> addition.change() != Change.NONE)) {
      files.put(TokenizerJson.NAME, tokenizer.withAddedTokens(all));
    }
    ObjectNode edited = config(config, wanted, additions);
    put(files, CONFIG, config, edited);
    ObjectNode roles = JsonObjects.readIfPresent(directory.resolve(ROLES));
    if (!roles.isEmpty()) {
      put(files, ROLES, roles, roles(roles, wanted, roles.has(EXTRA) ? EXTRA : ADDITIONAL));
    }
    ObjectNode ids = JsonObjects.readIfPresent(directory.resolve(ADDED_IDS));
    if (!ids.isEmpty()) {
      put(files, ADDED_IDS, ids, ids(ids, additions));
    }
    return new TokenizerEdit(files, additions, all, edited);
  }

  /** Adds what is wanted to the added tokens, in order. */
  private static List<TokenAddition> add(
      TokenizerJson tokenizer, WantedTokens wanted, Map<Integer, ObjectNode> added) {
    // The tokenizers library counts like this, and counts again whenever it loads a file.
    int next = tokenizer.vocabulary().size();
    for (int id : added.keySet()) {
      next = Math.max(next, id + 1);
    }
    List<TokenAddition> additions = new ArrayList<>();
    for (String token : wanted.all()) {
      TokenAddition addition = addition(tokenizer, token, next);
      additions.add(addition);
      if (addition.change() != Change.NONE) {
        next = Math.max(next, addition.id() + 1);
        ObjectNode entry = JsonObjects.MAPPER.createObjectNode();
        entry.put("id", addition.id()).put("content", token);
        FALSE.forEach(flag -> entry.put(flag, false));
        added.put(addition.id(), entry.put("special", true));
      }
    }
    return additions;
  }

  private static TokenAddition addition(TokenizerJson tokenizer, String token, int next) {
    for (ObjectNode known : tokenizer.addedTokens()) {
      if (known.path("content").textValue().equals(token)) {
        Change change = known.path("special").asBoolean() ? Change.NONE : Change.MADE_SPECIAL;
        return new TokenAddition(token, known.path("id").intValue(), change);
      }
    }
    Integer id = tokenizer.vocabulary().get(token);
    return id == null
        ? new TokenAddition(token, next, Change.ADDED)
        : new TokenAddition(token, id, Change.MADE_SPECIAL);
  }

  private static ObjectNode config(
      ObjectNode config, WantedTokens wanted, List<TokenAddition> additions) {
    // Both versions read a list under the older key; one under the newer is an error to version 4.
    boolean newer =
        config.path(EXTRA).isArray() || (config.has("backend") && !config.has(ADDITIONAL));
    ObjectNode edited = roles(config, wanted, newer ? EXTRA : ADDITIONAL);
    if (edited.get(DECODER) instanceof ObjectNode decoder) {
      for (TokenAddition addition : additions) {
        if (addition.change() != Change.NONE) {
          ObjectNode entry = decoder.putObject(Integer.toString(addition.id()));
          entry.put("content", addition.token());
          FALSE.stream().sorted().forEach(flag -> entry.put(flag, false));
          entry.put("special", true);
        }
      }
    }
    return edited;
  }

  private static ObjectNode roles(ObjectNode node, WantedTokens wanted, String listKey) {
    ObjectNode edited = node.deepCopy();
    wanted
        .roles()
        .forEach((role, token) -> {
          if (!token.equals(TokenizerFiles.content(edited.path(role)))) {
            edited.put(role, token);
          }
        });
    if (!wanted.additional().isEmpty()) {
      ArrayNode list =
          edited.get(listKey) instanceof ArrayNode present ? present : edited.putArray(listKey);
      for (String token : wanted.additional()) {
        boolean listed = false;
        for (JsonNode other : list) {
          listed |= token.equals(TokenizerFiles.content(other));
        }
        if (!listed) {
          list.add(token);
        }
      }
    }
    return edited;
  }

  private static ObjectNode ids(ObjectNode ids, List<TokenAddition> additions) {
    ObjectNode edited = ids.deepCopy();
    additions.stream()
        .filter(addition -> addition.change() == Change.ADDED)
        .forEach(addition -> edited.put(addition.token(), addition.id()));
    return edited;
  }

  private static void put(
      Map<String, byte[]> files, String name, ObjectNode before, ObjectNode after) {
    if (!after.equals(before)) {
      files.put(name, (JsonObjects.text(after) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
