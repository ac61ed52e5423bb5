package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.List;

/** Reads lists of messages. */
final class MessageParser {
  private MessageParser() {}

  /**
   * Reads {@code [{"role": …, "content": …}, …]}. A message may also say {@code "train": false} or
   * {@code "weight": 0.5}; otherwise the assistant's messages weigh 1 and the others 0.
   *
   * @param field the column, for errors
   */
  static List<Message> parse(JsonNode list, String field, Origin origin) {
    if (!list.isArray()) {
      throw new DataException(
          origin, field, "expected a list of messages, got " + RecordParser.kind(list));
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
          "expected a message with \"role\" and \"content\", got " + RecordParser.kind(node));
    }
    String role = string(node, "role", field, origin);
    if (!Message.ROLES.contains(role)) {
      throw new DataException(
          origin,
          field + ".role",
          "expected \"system\", \"user\" or \"assistant\", got \"" + role + '"');
    }
    Message message = Message.of(role, string(node, "content", field, origin));
    return new Message(role, message.content(), weight(node, message.weight(), field, origin));
  }

  private static String string(JsonNode node, String name, String field, Origin origin) {
    JsonNode value = node.get(name);
    if (value == null || !value.isTextual()) {
      throw new DataException(
          origin, field + "." + name, "expected a string, got " + RecordParser.kind(value));
    }
    return RecordParser.checked(value.textValue(), field + "." + name, origin);
  }

  private static float weight(JsonNode node, float byRole, String field, Origin origin) {
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
      return train.booleanValue() ? 1 : 0;
    }
    return byRole;
  }
}
