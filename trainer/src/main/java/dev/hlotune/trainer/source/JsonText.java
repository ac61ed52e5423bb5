package dev.hlotune.trainer.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record as the text of a JSON object, or of a list of messages, which is read as the object with
 * that list under {@code messages}.
 *
 * @param utf8 the text
 * @param origin where it was read
 * @param line the line of the file that it begins in, from 1, or 0 where the origin says it
 */
@SuppressWarnings("ArrayRecordComponent") // Short-lived, one per record of the data set.
record JsonText(byte[] utf8, Origin origin, long line) implements RawRecord {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  /** The column that a bare list of messages is read as. */
  private static final String MESSAGES = "messages";

  @Override
  public int size() {
    return utf8.length;
  }

  @Override
  public ObjectNode tree() {
    JsonNode node;
    try {
      node = JSON.readValue(utf8);
    } catch (JsonProcessingException e) {
      String place = line == 0 ? "" : " in line " + (line + e.getLocation().getLineNr() - 1);
      throw new DataException(
          origin, null, "broken JSON" + place + ": " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new DataException(origin, null, "not UTF-8: " + firstLine(e.getMessage()));
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    if (isConversation(node)) {
      return JsonNodeFactory.instance.objectNode().set(MESSAGES, node);
    }
    throw new DataException(origin, null, "expected a JSON object, got " + kind(node));
  }

  /**
   * The value that a JSON text in a column of another format stands for.
   *
   * @throws IllegalArgumentException if it is broken
   */
  static JsonNode value(byte[] utf8) {
    try {
      return JSON.readValue(utf8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("broken JSON: " + firstLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not UTF-8: " + firstLine(e.getMessage()), e);
    }
  }

  /** A list of messages without a record around it, as nanochat keeps conversations in lines. */
  private static boolean isConversation(@Nullable JsonNode node) {
    return node instanceof ArrayNode list
        && !list.isEmpty()
        && list.valueStream().allMatch(JsonText::isMessage);
  }

  private static boolean isMessage(JsonNode node) {
    return (node.has("role") && (node.has("content") || node.has("tool_calls")))
        || (node.has("from") && node.has("value"));
  }

  private static String kind(@Nullable JsonNode node) {
    return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
