package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives a record its meaning; which kind it is is told by its columns. Thread-safe.
 *
 * <table>
 * <caption>Columns, in the order they are looked for</caption>
 * <tr><td>the column named by {@code dataset_text_field}</td><td>plain text</td></tr>
 * <tr><td>{@code messages}</td><td>conversation</td></tr>
 * <tr><td>{@code prompt}, {@code completion}</td><td>both texts, or both lists of messages</td></tr>
 * <tr><td>{@code instruction} (with {@code input} or {@code context}), {@code response} or
 *   {@code output}</td><td>conversation of two turns</td></tr>
 * <tr><td>{@code question}, {@code answer}</td><td>conversation of two turns</td></tr>
 * <tr><td>{@code text}</td><td>plain text</td></tr>
 * </table>
 */
final class RecordParser {
  private final @Nullable String textField;

  /**
   * A parser.
   *
   * @param textField the column that holds plain text, or null to go by the known names
   */
  RecordParser(@Nullable String textField) {
    this.textField = textField;
  }

  /**
   * Parses one record.
   *
   * @throws DataException if it is not a record, with its place and the field
   */
  SourceRecord parse(RawRecord raw) {
    return read(raw.tree(), raw.origin());
  }

  private SourceRecord read(JsonNode node, Origin origin) {
    if (textField != null) {
      if (!node.has(textField)) {
        throw new DataException(
            origin, textField, "expected this column (dataset_text_field), got " + columns(node));
      }
      return new SourceRecord.PlainText(text(node, textField, origin), origin);
    }
    if (node.has("messages")) {
      return new SourceRecord.Conversation(
          MessageParser.parse(node.get("messages"), "messages", origin), origin);
    }
    if (node.has("prompt") && node.has("completion")) {
      return promptCompletion(node, origin);
    }
    String response = node.has("response") ? "response" : "output";
    if (node.has("instruction") && node.has(response)) {
      String instruction = text(node, "instruction", origin);
      String context = optional(node, node.has("input") ? "input" : "context", origin);
      String user = context.isBlank() ? instruction : instruction + "\n\n" + context;
      return turns(user, text(node, response, origin), origin);
    }
    if (node.has("question") && node.has("answer")) {
      return turns(text(node, "question", origin), text(node, "answer", origin), origin);
    }
    if (node.has("text")) {
      return new SourceRecord.PlainText(text(node, "text", origin), origin);
    }
    throw new DataException(
        origin,
        null,
        "expected the columns \"messages\", \"prompt\" and \"completion\", \"instruction\" and"
            + " \"response\" or \"output\", \"question\" and \"answer\", or \"text\", got "
            + columns(node)
            + "; name a column of plain text with dataset_text_field");
  }

  private static SourceRecord promptCompletion(JsonNode node, Origin origin) {
    JsonNode prompt = node.get("prompt");
    JsonNode completion = node.get("completion");
    if (!prompt.isArray() && !completion.isArray()) {
      return new SourceRecord.PromptCompletion(
          text(node, "prompt", origin), text(node, "completion", origin), origin);
    }
    List<Message> messages = new ArrayList<>();
    for (Message message : MessageParser.parse(prompt, "prompt", origin)) {
      // What the assistant said in the prompt is given, not learned.
      messages.add(new Message(message.role(), message.content(), 0));
    }
    messages.addAll(MessageParser.parse(completion, "completion", origin));
    return new SourceRecord.Conversation(messages, origin);
  }

  private static SourceRecord turns(String user, String assistant, Origin origin) {
    return new SourceRecord.Conversation(
        List.of(Message.of("user", user), Message.of("assistant", assistant)), origin);
  }

  private static String optional(JsonNode node, String column, Origin origin) {
    return node.hasNonNull(column) ? text(node, column, origin) : "";
  }

  /** A string, checked to be text that can be encoded. */
  static String text(JsonNode node, String field, Origin origin) {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw new DataException(origin, field, "expected a string, got " + kind(value));
    }
    return checked(value.textValue(), field, origin);
  }

  /** Refuses text that has no UTF-8: the tokenizer would abort on it. */
  static String checked(String text, String field, Origin origin) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean pair =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new DataException(
              origin,
              field,
              String.format("expected text, got half of a surrogate pair (\\u%04x)", (int) unit));
        }
        i++;
      }
    }
    return text;
  }

  /** What a value is, for an error. */
  static String kind(@Nullable JsonNode node) {
    return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String columns(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
