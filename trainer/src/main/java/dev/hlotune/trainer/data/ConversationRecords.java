package dev.hlotune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads records that are conversations already. */
final class ConversationRecords {
  private static final JsonMapper JSON = new JsonMapper();

  private ConversationRecords() {}

  static SourceRecord messages(Fields fields) {
    return of(
        MessageParser.parse(fields.get("messages"), fields.named("messages"), fields.origin()),
        fields);
  }

  /** ShareGPT's form may carry the system's words in a column of their own. */
  static SourceRecord shareGpt(Fields fields) {
    List<Message> messages =
        MessageParser.parse(
            fields.get("conversations"), fields.named("conversations"), fields.origin());
    String system = fields.optionalText("system");
    if (!system.isEmpty() && !messages.getFirst().role().equals("system")) {
      messages = new ArrayList<>(messages);
      messages.addFirst(Message.of("system", system));
    }
    return of(messages, fields);
  }

  /** A conversation with what else its record has for the template. */
  static SourceRecord of(List<Message> messages, Fields fields) {
    return new SourceRecord.Conversation(messages, variables(fields), fields.origin());
  }

  /** {@code tools} and {@code documents}, and every entry of {@code chat_template_kwargs}. */
  private static Map<String, Object> variables(Fields fields) {
    Map<String, Object> variables = new LinkedHashMap<>();
    for (String column : List.of("tools", "documents")) {
      if (fields.holds(column)) {
        JsonNode list = list(fields, column);
        if (!list.isEmpty()) {
          Object value = PlainValues.of(list, fields.named(column), fields.origin());
          if (value != null) {
            variables.put(column, value);
          }
        }
      }
    }
    if (fields.holds("chat_template_kwargs")) {
      Object kwargs =
          PlainValues.of(
              parsed(fields, "chat_template_kwargs"),
              fields.named("chat_template_kwargs"),
              fields.origin());
      if (!(kwargs instanceof Map<?, ?> map)) {
        throw fields.problem("chat_template_kwargs", "expected an object, got " + kwargs);
      }
      map.forEach((name, value) -> {
        if (value != null) {
          variables.put(String.valueOf(name), value);
        }
      });
    }
    return variables;
  }

  private static JsonNode list(Fields fields, String column) {
    JsonNode value = parsed(fields, column);
    if (!value.isArray()) {
      throw fields.problem(
          column, "expected a list, or its JSON in a string, got " + Fields.kind(value));
    }
    return value;
  }

  /** A value, or the JSON that a string holds: columns of a table have one type for all rows. */
  private static JsonNode parsed(Fields fields, String column) {
    JsonNode value = fields.get(column);
    if (value == null || !value.isTextual()) {
      return value == null ? com.fasterxml.jackson.databind.node.NullNode.instance : value;
    }
    if (value.textValue().isBlank()) {
      return JSON.createArrayNode();
    }
    try {
      return JSON.readTree(value.textValue());
    } catch (JsonProcessingException e) {
      throw new DataException(
          fields.origin(),
          fields.named(column),
          "expected JSON in a string, got " + e.getOriginalMessage());
    }
  }
}
