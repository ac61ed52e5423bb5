package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads lists of messages. A message may say {@code "train": false} or {@code "weight": 0.5};
 * everything else about it is kept for the chat template.
 */
final class MessageParser {
  /** What is about the loss, and not for the template. */
  private static final Set<String> LOSS_KEYS = Set.of("weight", "train");

  /** The names of speakers in ShareGPT's form. */
  private static final Map<String, String> SPEAKERS =
      Map.ofEntries(
          Map.entry("human", "user"),
          Map.entry("user", "user"),
          Map.entry("gpt", "assistant"),
          Map.entry("chatgpt", "assistant"),
          Map.entry("bing", "assistant"),
          Map.entry("bard", "assistant"),
          Map.entry("model", "assistant"),
          Map.entry("assistant", "assistant"),
          Map.entry("system", "system"),
          Map.entry("tool", "tool"),
          Map.entry("observation", "tool"),
          Map.entry("function_response", "tool"));

  private MessageParser() {}

  /**
   * Reads {@code [{"role": …, "content": …}, …]}, or {@code [{"from": …, "value": …}, …]}.
   *
   * @param field the column, for errors
   */
  static List<Message> parse(@Nullable JsonNode list, String field, Origin origin) {
    if (list == null || !list.isArray()) {
      throw new DataException(
          origin, field, "expected a list of messages, got " + Fields.kind(list));
    }
    List<Message> messages = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      messages.add(message(list.get(i), field + "[" + i + "]", origin));
    }
    if (messages.isEmpty()) {
      throw new DataException(origin, field, "expected at least one message, got none");
    }
    return messages;
  }

  private static Message message(JsonNode node, String field, Origin origin) {
    if (!node.isObject()) {
      throw new DataException(
          origin,
          field,
          "expected a message with \"role\" and \"content\", got " + Fields.kind(node));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean shareGpt = node.has("from") && !node.has("role");
    if (shareGpt) {
      fields.put("role", speaker(node, field, origin));
      fields.put("content", Fields.text(node.get("value"), field + ".value", origin));
    }
    node.properties()
        .forEach(entry -> {
          String key = entry.getKey();
          boolean known = shareGpt && (key.equals("from") || key.equals("value"));
          Object value =
              known || LOSS_KEYS.contains(key)
                  ? null
                  : PlainValues.of(entry.getValue(), field + "." + key, origin);
          if (value != null) {
            fields.put(key, value);
          }
        });
    checkRole(fields.get("role"), node.get("role"), field, origin);
    checkContent(fields, node.get("content"), field, origin);
    return new Message(fields, weight(node, field, origin));
  }

  private static String speaker(JsonNode node, String field, Origin origin) {
    String from = Fields.text(node.get("from"), field + ".from", origin);
    String role = SPEAKERS.get(from);
    if (role == null) {
      throw new DataException(
          origin,
          field + ".from",
          "expected \"system\", \"human\", \"gpt\" or \"tool\", got \"" + from + '"');
    }
    return role;
  }

  private static void checkRole(
      @Nullable Object role, @Nullable JsonNode node, String field, Origin origin) {
    if (!(role instanceof String name)) {
      throw new DataException(
          origin, field + ".role", "expected a string, got " + Fields.kind(node));
    }
    if (!Message.ROLES.contains(name)) {
      throw new DataException(
          origin,
          field + ".role",
          "expected \"system\", \"user\", \"assistant\" or \"tool\", got \"" + name + '"');
    }
  }

  private static void checkContent(
      Map<String, Object> fields, @Nullable JsonNode node, String field, Origin origin) {
    Object content = fields.get("content");
    if (content instanceof String || (content == null && fields.containsKey("tool_calls"))) {
      return;
    }
    if (!(content instanceof List<?> parts)) {
      throw new DataException(
          origin, field + ".content", "expected a string, got " + Fields.kind(node));
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!(parts.get(i) instanceof String)
          && !(parts.get(i) instanceof Map<?, ?> part && part.get("type") instanceof String)) {
        throw new DataException(
            origin,
            field + ".content[" + i + "]",
            "expected a part with its \"type\", got " + parts.get(i));
      }
    }
  }

  private static @Nullable Float weight(JsonNode node, String field, Origin origin) {
    if (node.hasNonNull("weight")) {
      JsonNode weight = node.get("weight");
      if (!weight.isNumber() || !Float.isFinite(weight.floatValue())) {
        throw new DataException(
            origin, field + ".weight", "expected a finite number, got " + weight);
      }
      return weight.floatValue();
    }
    if (node.hasNonNull("train")) {
      JsonNode train = node.get("train");
      if (!train.isBoolean()) {
        throw new DataException(origin, field + ".train", "expected true or false, got " + train);
      }
      return train.booleanValue() ? 1f : 0f;
    }
    return null;
  }
}
