package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules in order: for an axis of arrays, the axes of the mesh that split it, the outermost first;
 * none of them leaves it whole.
 */
record AxisRuleList() implements KeyType<Map<String, List<String>>> {
  private static final List<String> MESH_AXES =
      Stream.of(MeshAxis.values()).map(MeshAxis::spelled).toList();

  @Override
  public String placeholder() {
    return "AXIS=MESH+MESH,...";
  }

  @Override
  public String expectation() {
    return "a list of AXIS=MESH or AXIS=MESH+MESH with axes of the mesh ("
        + String.join(", ", MESH_AXES)
        + "), of pairs, or a mapping";
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public Map<String, List<String>> parse(String text) {
    Map<String, List<String>> rules = new LinkedHashMap<>();
    String start = text.strip();
    if (start.startsWith("[") || start.startsWith("{")) {
      JsonNode node;
      try {
        node = JsonText.read(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            unexpected(text).getMessage() + ", which is broken JSON: " + e.getMessage(), e);
      }
      if (node.isObject()) {
        mapping(node, rules);
      } else {
        node.forEach(entry -> entry(entry, rules));
      }
    } else {
      for (String entry : start.split(",", -1)) {
        equation(entry, rules);
      }
    }
    check(rules);
    return Collections.unmodifiableMap(rules);
  }

  private void entry(JsonNode entry, Map<String, List<String>> rules) {
    if (entry.isTextual()) {
      equation(entry.textValue(), rules);
    } else if (entry.isObject()) {
      mapping(entry, rules);
    } else if (entry.isArray() && entry.size() == 2 && entry.get(0).isTextual()) {
      put(entry.get(0).textValue(), meshAxes(entry.get(1)), rules);
    } else {
      throw unexpected(entry);
    }
  }

  private void mapping(JsonNode node, Map<String, List<String>> rules) {
    node.properties().forEach(entry -> put(entry.getKey(), meshAxes(entry.getValue()), rules));
  }

  private void equation(String text, Map<String, List<String>> rules) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw unexpected(text);
    }
    put(text.substring(0, equals), split(text.substring(equals + 1)), rules);
  }

  private List<String> meshAxes(JsonNode node) {
    if (node.isNull()) {
      return List.of();
    }
    if (node.isTextual()) {
      return split(node.textValue());
    }
    List<String> axes = new ArrayList<>();
    for (JsonNode axis : node) {
      axes.add(axis.asText());
    }
    if (!node.isArray()) {
      throw unexpected(node);
    }
    return axes;
  }

  private static List<String> split(String text) {
    return text.isBlank()
        ? List.of()
        : Stream.of(text.split("\\+", -1)).map(String::strip).toList();
  }

  private static void put(String axis, List<String> mesh, Map<String, List<String>> rules) {
    if (rules.put(axis.strip(), List.copyOf(mesh)) != null) {
      throw new IllegalArgumentException(
          "expected one rule for each axis, got two for '" + axis.strip() + "'");
    }
  }

  @Override
  public void check(Map<String, List<String>> value) {
    value.forEach((axis, mesh) -> {
      if (axis.isBlank()) {
        throw unexpected(shown(axis, mesh));
      }
      for (String one : mesh) {
        if (!MESH_AXES.contains(one)) {
          throw new IllegalArgumentException(
              "expected axes of the mesh ("
                  + String.join(", ", MESH_AXES)
                  + ") for '"
                  + axis
                  + "', got '"
                  + one
                  + "'");
        }
        if (mesh.indexOf(one) != mesh.lastIndexOf(one)) {
          throw new IllegalArgumentException(
              "expected each axis of the mesh once for '" + axis + "', got '" + one + "' twice");
        }
      }
    });
  }

  @Override
  public Object plain(Map<String, List<String>> value) {
    return value.entrySet().stream()
        .map(rule -> shown(rule.getKey(), rule.getValue()))
        .collect(Collectors.toList());
  }

  private static String shown(String axis, List<String> mesh) {
    return axis + "=" + String.join("+", mesh);
  }
}
