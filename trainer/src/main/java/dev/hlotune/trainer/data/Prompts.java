package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/** Prompts as tokens. */
public final class Prompts {
  private static final Origin ORIGIN = new Origin(Path.of("conversation"), 1);

  private Prompts() {}

  /**
   * A conversation up to where the assistant is to answer, as {@code apply_chat_template} with
   * {@code add_generation_prompt} gives it.
   *
   * @param messages at least one
   * @throws dev.hlotune.trainer.source.DataException if the template refuses it
   */
  public static int[] ofMessages(
      ChatTemplate template, Tokenizer tokenizer, List<Message> messages) {
    ConversationText text =
        new ConversationText(
            template, tokenizer.specialTokens(), ZonedDateTime.now(ZoneId.systemDefault()));
    SourceRecord.Conversation conversation = new SourceRecord.Conversation(messages, ORIGIN);
    return tokenizer.ids(text.render(conversation, messages.size(), true).text());
  }

  /** A text that is to go on, with the token that the tokenizer itself puts before one. */
  public static int[] ofText(Tokenizer tokenizer, String text) {
    return tokenizer.ids(tokenizer.beginning().orElse("") + text);
  }
}
