package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts by name: a mapping in a recipe; on the command line a JSON object, or {@code name=text}
 * separated by commas.
 */
record TextMap() implements KeyType<Map<String, String>> {

  @Override
  public String placeholder() {
    return "NAME=TEXT,...";
  }

  @Override
  public String expectation() {
    return "a mapping of names to texts, or name=text separated by commas";
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public Map<String, String> parse(String text) {
    Map<String, String> map = new LinkedHashMap<>();
    if (text.strip().startsWith("{")) {
      JsonNode node;
      try {
        node = JsonText.read(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            unexpected(text).getMessage() + ", which is broken JSON: " + e.getMessage(), e);
      }
      node.properties()
          .forEach(entry -> {
            if (!entry.getValue().isValueNode()) {
              throw unexpected(text);
            }
            map.put(entry.getKey(), entry.getValue().asText());
          });
    } else {
      for (String entry : text.split(",", -1)) {
        String[] parts = entry.split("=", 2);
        if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
          throw unexpected(text);
        }
        map.put(parts[0].strip(), parts[1].strip());
      }
    }
    check(map);
    return map;
  }

  @Override
  public void check(Map<String, String> value) {
    if (value.isEmpty()) {
      throw unexpected("nothing");
    }
  }

  @Override
  public Object plain(Map<String, String> value) {
    return new TreeMap<>(value);
  }
}
