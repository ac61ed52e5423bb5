package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads records of a prompt and what follows it. */
final class PromptRecords {
  /** Where a turn of HH-RLHF begins. */
  private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):[ ]?");

  private PromptRecords() {}

  static SourceRecord completion(Fields fields) {
    JsonNode prompt = fields.get("prompt");
    JsonNode completion = fields.get("completion");
    if (isText(prompt) && isText(completion)) {
      return new SourceRecord.PromptCompletion(
          fields.text("prompt"), fields.text("completion"), fields.origin());
    }
    return joined(fields, "completion");
  }

  private static boolean isText(@Nullable JsonNode node) {
    return node == null || !node.isArray();
  }

  /** What the assistant said in the prompt is given, not learned. */
  private static SourceRecord joined(Fields fields, String answer) {
    List<Message> messages = new ArrayList<>();
    for (Message message :
        MessageParser.parse(fields.get("prompt"), fields.named("prompt"), fields.origin())) {
      messages.add(message.weighing(0));
    }
    messages.addAll(MessageParser.parse(fields.get(answer), fields.named(answer), fields.origin()));
    return ConversationRecords.of(messages, fields);
  }

  static SourceRecord chosen(Fields fields) {
    JsonNode prompt = fields.get("prompt");
    if (!isText(fields.get("chosen"))) {
      return prompt != null && prompt.isArray()
          ? joined(fields, "chosen")
          : ConversationRecords.of(
              MessageParser.parse(fields.get("chosen"), fields.named("chosen"), fields.origin()),
              fields);
    }
    String chosen = fields.text("chosen");
    if (prompt != null && prompt.isTextual()) {
      return new SourceRecord.PromptCompletion(fields.text("prompt"), chosen, fields.origin());
    }
    return new SourceRecord.Conversation(turns(chosen, fields), fields.origin());
  }

  /** {@code \n\nHuman: …\n\nAssistant: …}. */
  private static List<Message> turns(String text, Fields fields) {
    List<Message> messages = new ArrayList<>();
    Matcher turn = TURN.matcher(text);
    boolean more = turn.find();
    if (!more || turn.start() > 0) {
      throw new DataException(
          fields.origin(),
          fields.named("chosen"),
          "expected a text that begins with two new lines and \"Human:\" or \"Assistant:\", a list"
              + " of messages, or a \"prompt\" beside it, got none of these; read it as plain text"
              + " with dataset_text_field");
    }
    while (more) {
      String role = turn.group(1).equals("Human") ? "user" : "assistant";
      int start = turn.end();
      more = turn.find();
      messages.add(Message.of(role, text.substring(start, more ? turn.start() : text.length())));
    }
    return messages;
  }
}
