package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One record of a data set as it was read, before anything was rendered. */
public sealed interface SourceRecord {
  /** Where the record was read. */
  Origin origin();

  /**
   * Turns, rendered by a chat template.
   *
   * @param messages the turns in order, never empty
   * @param variables what else the template sees, such as {@code tools} and {@code documents}
   * @param origin where it was read
   */
  record Conversation(List<Message> messages, Map<String, Object> variables, Origin origin)
      implements SourceRecord {
    /** Copies both and checks that there is a turn. */
    public Conversation {
      messages = List.copyOf(messages);
      variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
      if (messages.isEmpty()) {
        throw new DataException(origin, "messages", "expected at least one message, got none");
      }
    }

    /** Turns and nothing else. */
    public Conversation(List<Message> messages, Origin origin) {
      this(messages, Map.of(), origin);
    }
  }

  /**
   * A prompt and how it goes on, joined as they stand, with no template; the completion is
   * supervised.
   *
   * @param prompt the text that is given
   * @param completion the text that is learned
   * @param origin where it was read
   */
  record PromptCompletion(String prompt, String completion, Origin origin)
      implements SourceRecord {}

  /**
   * A text of which every token is supervised.
   *
   * @param text the text
   * @param origin where it was read
   */
  record PlainText(String text, Origin origin) implements SourceRecord {}

  /**
   * Tokens with their weights as they were given.
   *
   * @param example ids, and the weight of each as a target
   * @param origin where it was read
   */
  record Tokens(Example example, Origin origin) implements SourceRecord {}
}
