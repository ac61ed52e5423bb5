package dev.hlotune.trainer.jinja;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A file that {@code tools/fixtures/record_templates.py} recorded.
 *
 * @param root its content
 */
record TemplateFixture(JsonNode root) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static TemplateFixture read(String name) throws IOException {
    try (InputStream file = Files.newInputStream(Fixtures.path("templates/" + name + ".json.gz"));
        InputStream text = new GZIPInputStream(file)) {
      return new TemplateFixture(JSON.readTree(text));
    }
  }

  /** The time at which it was recorded, as the templates saw it. */
  ZonedDateTime now() {
    return LocalDateTime.parse(root.get("now").asText()).atZone(ZoneOffset.UTC);
  }

  /** JSON as plain Java: maps in order, lists, strings, numbers, booleans and null. */
  static Object plain(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }

  /** A JSON object as a map in order. */
  static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }

  /** A template that comes with hlotune. */
  static String builtIn(String name) throws IOException {
    String path = "/dev/hlotune/trainer/data/templates/" + name + ".jinja";
    try (InputStream in = JinjaTemplate.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no template named " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
