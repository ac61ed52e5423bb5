package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Anything by name: a mapping in a recipe, a JSON object on the command line. */
record JsonMap() implements KeyType<Map<String, Object>> {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public String placeholder() {
    return "JSON";
  }

  @Override
  public String expectation() {
    return "a mapping, or a JSON object";
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public Map<String, Object> parse(String text) {
    JsonNode node;
    try {
      node = JsonText.read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          unexpected(text).getMessage() + ", which is not JSON: " + e.getMessage(), e);
    }
    if (!node.isObject()) {
      throw unexpected(text);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    node.properties()
        .forEach(entry -> {
          if (!entry.getValue().isNull()) {
            map.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class));
          }
        });
    return Collections.unmodifiableMap(map);
  }

  @Override
  public void check(Map<String, Object> value) {
    // Whatever JSON has is fine.
  }

  @Override
  public Object plain(Map<String, Object> value) {
    return value;
  }
}
