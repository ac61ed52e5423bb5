package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a Hugging Face tokenizer say.
 *
 * @param directory the folder that holds them
 * @param vocabulary id by token, as the vocabulary spells it; added tokens included
 * @param addedTokens tokens that are found in a text before anything else, spelled plainly
 * @param specialIds ids that {@code decode} may leave out
 * @param eosToken the token that ends a text, or null
 * @param bosToken the token that begins a text, or null
 * @param padToken the token that pads, or null
 * @param specialTokens the special tokens that the configuration names, by {@code bos_token} and so
 *     on, as a chat template sees them
 * @param chatTemplates the sources of the model's own chat templates by name
 */
record TokenizerFiles(
    Path directory,
    Map<String, Integer> vocabulary,
    Map<String, Integer> addedTokens,
    Set<Integer> specialIds,
    @Nullable String eosToken,
    @Nullable String bosToken,
    @Nullable String padToken,
    Map<String, String> specialTokens,
    Map<String, String> chatTemplates) {
  /** Files of a tokenizer that belong beside a model, in the order they are looked for. */
  static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "vocab.json",
          "merges.txt",
          "tokenizer.model");

  /** The name of the template that is meant where none is named. */
  static final String DEFAULT_TEMPLATE = "default";

  static TokenizerFiles of(Path directory, TokenizerJson tokenizer, TokenizerEdit edit) {
    Map<String, Integer> added = new HashMap<>();
    Set<Integer> special = new HashSet<>();
    for (JsonNode token : edit.addedTokens()) {
      added.put(token.path("content").textValue(), token.path("id").intValue());
      if (token.path("special").asBoolean()) {
        special.add(token.path("id").intValue());
      }
    }
    Map<String, Integer> vocabulary = new HashMap<>(tokenizer.vocabulary());
    vocabulary.putAll(added);
    return new TokenizerFiles(
        directory,
        Map.copyOf(vocabulary),
        Map.copyOf(added),
        Set.copyOf(special),
        content(edit.config().path("eos_token")),
        content(edit.config().path("bos_token")),
        content(edit.config().path("pad_token")),
        named(edit.config()),
        templates(directory, edit.config()));
  }

  /** A special token is either its text or an object that holds it; null where it is neither. */
  static @Nullable String content(JsonNode node) {
    JsonNode content = node.isObject() ? node.path("content") : node;
    return content.isTextual() ? content.textValue() : null;
  }

  private static Map<String, String> named(JsonNode config) {
    Map<String, String> named = new TreeMap<>();
    config
        .fieldNames()
        .forEachRemaining(name -> {
          String token = name.endsWith("_token") ? content(config.path(name)) : null;
          if (token != null) {
            named.put(name, token);
          }
        });
    return Map.copyOf(named);
  }

  /** The templates of a folder, without its tokenizer. */
  static Map<String, String> templates(Path directory) {
    return templates(
        directory, JsonObjects.readIfPresent(directory.resolve("tokenizer_config.json")));
  }

  /**
   * {@code chat_template.jinja} and {@code additional_chat_templates/NAME.jinja}, else those of the
   * configuration, which has one or a list with names.
   */
  private static Map<String, String> templates(Path directory, JsonNode config) {
    Map<String, String> templates = new TreeMap<>();
    JsonNode node = config.path("chat_template");
    if (node.isTextual()) {
      templates.put(DEFAULT_TEMPLATE, node.textValue());
    }
    for (JsonNode named : node.isArray() ? node : JsonObjects.MAPPER.createArrayNode()) {
      templates.put(named.path("name").asText(), named.path("template").asText());
    }
    Path more = directory.resolve("additional_chat_templates");
    try {
      Path file = directory.resolve("chat_template.jinja");
      if (Files.isRegularFile(file)) {
        templates.put(DEFAULT_TEMPLATE, Files.readString(file));
      }
      if (Files.isDirectory(more)) {
        try (Stream<Path> files = Files.list(more)) {
          for (Path named : files.sorted().toList()) {
            String name = String.valueOf(named.getFileName());
            if (name.endsWith(".jinja")) {
              templates.put(
                  name.substring(0, name.length() - ".jinja".length()), Files.readString(named));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new DataException(directory, "chat template cannot be read: " + e.getMessage(), e);
    }
    return Map.copyOf(templates);
  }
}
