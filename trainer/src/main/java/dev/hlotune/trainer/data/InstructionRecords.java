package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads records of single texts: an instruction, a question, or nothing but text. */
final class InstructionRecords {
  private InstructionRecords() {}

  /**
   * Alpaca and Dolly. What is to be worked on follows the instruction after an empty line;
   * LLaMA-Factory's {@code system} and {@code history} (pairs of what was said before) go in front.
   */
  static SourceRecord instruction(Fields fields) {
    String instruction = fields.text("instruction");
    String context = fields.optionalText(fields.firstOf("input", "context"));
    List<Message> messages = new ArrayList<>();
    String system = fields.optionalText("system");
    if (!system.isEmpty()) {
      messages.add(Message.of("system", system));
    }
    addHistory(fields, messages);
    messages.add(
        Message.of("user", context.isBlank() ? instruction : instruction + "\n\n" + context));
    messages.add(Message.of("assistant", fields.text(fields.firstOf("response", "output"))));
    return ConversationRecords.of(messages, fields);
  }

  private static void addHistory(Fields fields, List<Message> messages) {
    if (!fields.holds("history")) {
      return;
    }
    JsonNode history = fields.get("history");
    String column = fields.named("history");
    if (history == null || !history.isArray()) {
      throw fields.problem("history", "expected a list of pairs, got " + Fields.kind(history));
    }
    for (int i = 0; i < history.size(); i++) {
      JsonNode pair = history.get(i);
      String place = column + "[" + i + "]";
      if (pair.size() != 2) {
        throw fields.problem(
            "history", "expected pairs of what was asked and answered, got " + pair);
      }
      messages.add(Message.of("user", Fields.text(pair.get(0), place + "[0]", fields.origin())));
      messages.add(
          Message.of("assistant", Fields.text(pair.get(1), place + "[1]", fields.origin())));
    }
  }

  static SourceRecord questionAnswer(Fields fields) {
    return ConversationRecords.of(
        List.of(
            Message.of("user", fields.text("question")),
            Message.of("assistant", fields.text("answer"))),
        fields);
  }

  static SourceRecord text(Fields fields) {
    return new SourceRecord.PlainText(fields.text("text"), fields.origin());
  }
}
