package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.data.Message;
import dev.hlotune.trainer.data.Prompts;
import dev.hlotune.trainer.loop.OpenedModel;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A prompt as somebody wrote it.
 *
 * @param text what goes on, or is the user's turn; empty where there are messages
 * @param messages a conversation that the assistant is to answer; empty where there is a text
 */
record AskedPrompt(String text, List<Message> messages) {
  private static final ObjectMapper JSON = new JsonMapper();

  AskedPrompt {
    messages = List.copyOf(messages);
  }

  /**
   * A text.
   *
   * @param turn whether it is the user's turn of a conversation
   */
  static AskedPrompt of(String text, boolean turn) {
    return turn
        ? new AskedPrompt("", List.of(Message.of("user", text)))
        : new AskedPrompt(text, List.of());
  }

  /**
   * The prompts of a file: of JSON Lines, one in each, under {@code prompt} (a text, or messages)
   * or {@code messages}, or a string alone; of any other file, a line is a prompt. Empty lines are
   * passed over.
   *
   * @param turn whether texts are the user's turns of conversations
   * @throws DataException if a line is none, with its number
   */
  static List<AskedPrompt> read(Path file, boolean turn) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new DataException(file, "expected UTF-8, got other bytes", e);
    }
    boolean json = file.toString().endsWith(".jsonl");
    List<AskedPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        prompts.add(
            json ? parsed(lines.get(i), turn, new Origin(file, i + 1)) : of(lines.get(i), turn));
      }
    }
    if (prompts.isEmpty()) {
      throw new DataException(file, "prompts: expected at least one, got none");
    }
    return prompts;
  }

  private static AskedPrompt parsed(String line, boolean turn, Origin origin) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DataException(origin, null, "expected JSON, got: " + e.getOriginalMessage());
    }
    JsonNode prompt =
        node.isTextual() ? node : node.has("messages") ? node.get("messages") : node.path("prompt");
    if (prompt.isTextual()) {
      return of(prompt.textValue(), turn);
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw new DataException(
          origin, "prompt", "expected a text or a list of messages under 'prompt' or 'messages'");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      if (!message.path("role").isTextual()) {
        throw new DataException(origin, "messages", "expected a role in each, got " + message);
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      message
          .properties()
          .forEach(field ->
              fields.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class)));
      messages.add(new Message(fields, null));
    }
    return new AskedPrompt("", messages);
  }

  /** As tokens of a model. */
  int[] tokens(OpenedModel model) {
    return messages.isEmpty()
        ? Prompts.ofText(model.tokenizer(), text)
        : Prompts.ofMessages(model.template(), model.tokenizer(), messages);
  }

  /** As it stands in output: the text, or the messages. */
  Object shown() {
    return messages.isEmpty() ? text : messages.stream().map(Message::fields).toList();
  }

  /** In a line or more for people: the text, or what was said last. */
  String line() {
    return messages.isEmpty() ? text : String.valueOf(messages.getLast().fields().get("content"));
  }
}
