package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model is shown before it answers: messages and the header of the assistant's turn, as its
 * chat template writes them.
 */
public final class ChatPrompt {
  private static final RecordParser CHOICES =
      new RecordParser(
          new RecordColumns(Optional.of(RecordFormat.MULTIPLE_CHOICE), Optional.empty(), Map.of()));

  private final ConversationText text;

  /**
   * Prompts by a template.
   *
   * @param tokenizer has the special tokens that the template writes
   */
  public ChatPrompt(ChatTemplate template, Tokenizer tokenizer) {
    this.text =
        new ConversationText(
            template, tokenizer.specialTokens(), ZonedDateTime.now(ZoneId.systemDefault()));
  }

  /**
   * The text of a prompt.
   *
   * @param messages the turns so far, at least one
   * @param origin where they were read, for errors
   * @throws DataException if the template refuses
   */
  public String of(List<Message> messages, Origin origin) {
    return text.render(new SourceRecord.Conversation(messages, origin), messages.size(), true)
        .text();
  }

  /**
   * A question with answers to choose from, as nanochat asks it and as such a record is trained on:
   * the user's turn, and the assistant's with the letter of the right one.
   *
   * @throws DataException if it is not one, with its place
   */
  public static List<Message> multipleChoice(RawRecord record) {
    return ((SourceRecord.Conversation) CHOICES.parse(record)).messages();
  }
}
