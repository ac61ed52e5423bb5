package dev.hlotune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  private static final JsonMapper JSON = new JsonMapper();

  static TokenizerFiles read(Path directory) {
    Path file = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file, "expected a Hugging Face tokenizer, got no such file; name a folder that has it");
    }
    JsonNode tokenizer = json(file);
    Map<String, Integer> vocabulary = new HashMap<>();
    JsonNode vocab = tokenizer.path("model").path("vocab");
    if (vocab.isObject()) {
      vocab.properties().forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    } else if (vocab.isArray()) {
      for (int id = 0; id < vocab.size(); id++) {
        vocabulary.put(vocab.get(id).path(0).asText(), id);
      }
    } else {
      throw new DataException(
          file, "expected \"model.vocab\" to be an object or a list, got something else");
    }
    Map<String, Integer> added = new HashMap<>();
    Set<Integer> special = new HashSet<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      added.put(token.path("content").asText(), token.path("id").asInt());
      if (token.path("special").asBoolean()) {
        special.add(token.path("id").asInt());
      }
    }
    vocabulary.putAll(added);
    Path configFile = directory.resolve("tokenizer_config.json");
    JsonNode config = Files.isRegularFile(configFile) ? json(configFile) : JSON.createObjectNode();
    return new TokenizerFiles(
        directory,
        Map.copyOf(vocabulary),
        Map.copyOf(added),
        Set.copyOf(special),
        token(config, "eos_token"),
        token(config, "bos_token"),
        token(config, "pad_token"),
        named(config),
        templates(directory, config));
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new DataException(file, "broken JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** A special token is either its text or an object that holds it. */
  private static @Nullable String token(JsonNode config, String name) {
    JsonNode node = config.path(name);
    JsonNode content = node.isObject() ? node.path("content") : node;
    return content.isTextual() ? content.textValue() : null;
  }

  private static Map<String, String> named(JsonNode config) {
    Map<String, String> named = new TreeMap<>();
    config
        .fieldNames()
        .forEachRemaining(name -> {
          String token = name.endsWith("_token") ? token(config, name) : null;
          if (token != null) {
            named.put(name, token);
          }
        });
    return Map.copyOf(named);
  }

  /** The templates of a folder, without its tokenizer. */
  static Map<String, String> templates(Path directory) {
    Path configFile = directory.resolve("tokenizer_config.json");
    return templates(
        directory, Files.isRegularFile(configFile) ? json(configFile) : JSON.createObjectNode());
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
    for (JsonNode named : node.isArray() ? node : JSON.createArrayNode()) {
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
