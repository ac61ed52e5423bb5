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

  private static final String THINKING = "thinking";

  /** Names of a turn's reasoning; the first that is there counts. */
  private static final List<String> REASONING = List.of("reasoning_content", THINKING, "reasoning");

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

  /**
   * The fields as a template sees them. Reasoning goes by three names; where a turn has it under
   * any of them, it has it under the two that templates read, as {@code transformers} 5.23 fills
   * them.
   */
  Map<String, Object> shown() {
    for (String name : REASONING) {
      Object reasoning = fields.get(name);
      if (reasoning != null) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(THINKING, reasoning);
        shown.putAll(fields);
        shown.put(REASONING.getFirst(), reasoning);
        return shown;
      }
    }
    return fields;
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
  public String text() {
    return fields.get("content") instanceof String text ? text : "";
  }
}
