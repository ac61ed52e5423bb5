package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation, as a chat template sees it.
 *
 * @param fields {@code role}, {@code content} and whatever else the record had ({@code name},
 *     {@code tool_calls}, {@code reasoning_content} …) as plain values: strings, booleans, numbers,
 *     lists and maps. A key without a value is left out, as transformers does. The content is a
 *     string or a list of parts, each a map with its {@code type}; a turn that only calls tools may
 *     have none
 * @param weight the loss weight that the record gives the turn; null leaves it to what is trained
 *     on
 */
public record Message(Map<String, Object> fields, @Nullable Float weight) {
  /** The roles that a conversation may hold. */
  static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython");

  /** Copies the map and checks the weight. */
  public Message {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    if (weight != null && !Float.isFinite(weight)) {
      throw new DataException("weight of a message: expected a finite number, got " + weight);
    }
    if (!(fields.get("role") instanceof String)) {
      throw new DataException("message: expected a role, got " + fields.get("role"));
    }
  }

  /** A turn of text, its weight left to what is trained on. */
  public static Message of(String role, String content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    fields.put("content", content);
    return new Message(fields, null);
  }

  /** A turn in parts, its weight left to what is trained on. */
  static Message of(String role, List<Map<String, Object>> parts) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    fields.put("content", parts);
    return new Message(fields, null);
  }

  /** The same turn with this weight. */
  Message weighing(float weight) {
    return new Message(fields, weight);
  }

  /** Who speaks. */
  public String role() {
    return String.valueOf(fields.get("role"));
  }

  /** Whether the assistant speaks. */
  boolean isAssistant() {
    return role().equals("assistant");
  }

  /** What is said, where it is one string; empty where it is in parts or missing. */
  String text() {
    return fields.get("content") instanceof String text ? text : "";
  }
}
