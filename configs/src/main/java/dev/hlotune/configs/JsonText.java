package dev.hlotune.configs;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists and mappings as JSON text, the one form in which recipes and options hand them on. */
final class JsonText {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonText() {}

  /**
   * Reads a whole text.
   *
   * @throws IllegalArgumentException where it is no JSON; the message says what is wrong with it
   */
  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          e.getOriginalMessage().lines().findFirst().orElse("unreadable").strip(), e);
    }
  }

  /** The list or mapping that a parser, of YAML or another format, stands at the start of. */
  static String copy(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  /** What a value is, as an error says it. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "a mapping";
      case NULL, MISSING -> "nothing";
      case STRING, NUMBER, BOOLEAN, BINARY, POJO -> "'" + value.asText() + "'";
    };
  }

  /** A plain value as it is read from JSON, whatever classes its numbers are of. */
  static JsonNode normal(@Nullable Object plain) {
    try {
      return JSON.readTree(JSON.writeValueAsString(plain));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain value is JSON", e);
    }
  }

  /** A plain value on several lines. */
  static String pretty(Object plain) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plain) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain value that JSON does not have: " + plain, e);
    }
  }

  /** A plain value as help and recipes show it: lists and mappings as JSON, the rest as it is. */
  static String shown(Object plain) {
    try {
      return plain instanceof Collection || plain instanceof Map
          ? JSON.writeValueAsString(plain)
          : plain.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain value that JSON does not have: " + plain, e);
    }
  }
}
