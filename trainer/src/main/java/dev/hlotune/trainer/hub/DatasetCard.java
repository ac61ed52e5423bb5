package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a data set declares of itself: the {@code configs} of the YAML block at the head of its
 * README.md, or of its .huggingface.yaml.
 *
 * @param configs in the order of the file; empty where it declares none
 */
record DatasetCard(List<Config> configs) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern BLOCK =
      Pattern.compile(
          "^\\uFEFF?\\s*---(?:\\r\\n|\\r|\\n)([\\S\\s]*?)(?:\\r\\n|\\r|\\n)---[ \\t]*(?:\\r\\n|\\n|$)");
  private static final Pattern SPLIT =
      Pattern.compile("\\w+(\\.\\w+)*", Pattern.UNICODE_CHARACTER_CLASS);

  /** A data set that declares nothing. */
  static final DatasetCard NONE = new DatasetCard(List.of());

  /**
   * One configuration.
   *
   * @param files patterns by split, if they are declared
   * @param folder where its patterns start from; empty is the root
   * @param marked whether it is declared to be the default one
   */
  record Config(
      String name, Optional<Map<String, List<String>>> files, String folder, boolean marked) {}

  DatasetCard {
    configs = List.copyOf(configs);
  }

  /**
   * Reads a file that may declare configurations.
   *
   * @throws DataException if they cannot be read
   */
  static DatasetCard read(Path file, String text) {
    String yaml = text;
    if (file.endsWith("README.md")) {
      Matcher block = BLOCK.matcher(text);
      if (!block.find()) {
        return NONE;
      }
      yaml = block.group(1);
    }
    JsonNode configs;
    try {
      configs = YAML.readTree(yaml).path("configs");
    } catch (JsonProcessingException broken) {
      throw new DataException(
          file,
          "expected YAML at its head, got a syntax error: "
              + broken.getOriginalMessage().lines().findFirst().orElse(""));
    }
    if (configs.isMissingNode() || configs.isNull()) {
      return NONE;
    }
    if (!configs.isArray()) {
      throw noConfigs(file);
    }
    Map<String, Config> read = new LinkedHashMap<>();
    for (JsonNode config : configs) {
      String name = config.path("config_name").asText();
      if (name.isEmpty()) {
        throw noConfigs(file);
      }
      read.put(
          name,
          new Config(
              name,
              config.hasNonNull("data_files")
                  ? Optional.of(files(file, config.path("data_files")))
                  : Optional.empty(),
              config
                  .path("data_dir")
                  .asText("")
                  .replaceFirst("^(\\./)+", "")
                  .replaceFirst("/+$", ""),
              config.path("default").asBoolean()));
    }
    return new DatasetCard(List.copyOf(read.values()));
  }

  /** A pattern, a list of them, or a list of splits with either. */
  private static Map<String, List<String>> files(Path file, JsonNode node) {
    Map<String, List<String>> splits = new LinkedHashMap<>();
    boolean bySplit = false;
    for (JsonNode entry : node) {
      bySplit |= entry.isObject();
    }
    if (!bySplit) {
      splits.put("train", texts(file, node));
      return splits;
    }
    for (JsonNode entry : node) {
      String split = entry.path("split").asText();
      if (!node.isArray() || !SPLIT.matcher(split).matches()) {
        throw malformed(file);
      }
      if (splits.put(split, texts(file, entry.path("path"))) != null) {
        throw new DataException(
            file, "'data_files': expected each split once, got '" + split + "' twice");
      }
    }
    return splits;
  }

  private static List<String> texts(Path file, JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    } else if (node.isArray()) {
      for (JsonNode each : node) {
        if (!each.isTextual()) {
          throw malformed(file);
        }
        texts.add(each.textValue());
      }
    }
    if (texts.isEmpty()) {
      throw malformed(file);
    }
    return List.copyOf(texts);
  }

  private static DataException noConfigs(Path file) {
    return new DataException(
        file, "'configs': expected a list of mappings with 'config_name', got something else");
  }

  private static DataException malformed(Path file) {
    return new DataException(
        file,
        "'data_files': expected a pattern, a list of patterns, or a list of 'split' and 'path', got something else");
  }
}
