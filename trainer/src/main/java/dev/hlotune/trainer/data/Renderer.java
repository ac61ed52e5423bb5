package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Renders any record of text: conversations by the chat template; everything else as it stands,
 * with the token that begins a text before it, where the tokenizer would put one, and the one that
 * ends it after it, each unless it is there already.
 */
final class Renderer {
  private final SupervisedText conversations;
  private final Optional<String> begin;
  private final Optional<String> end;

  /**
   * A renderer.
   *
   * @param now the time for templates that read the clock
   */
  Renderer(ChatTemplate template, Supervision supervision, Tokenizer tokenizer, ZonedDateTime now) {
    this.conversations =
        new SupervisedText(
            new ConversationText(template, tokenizer.specialTokens(), now), supervision);
    this.begin = tokenizer.beginning();
    this.end = tokenizer.eosToken();
  }

  /** What is learned. */
  Supervision supervision() {
    return conversations.supervision();
  }

  /**
   * Renders a record; a conversation that is to be split gives several texts.
   *
   * @throws DataException if the record needs an end token and there is none, or the template
   *     refuses
   */
  List<Rendered> render(SourceRecord source) {
    return switch (source) {
      case SourceRecord.Conversation conversation -> conversations.render(conversation);
      case SourceRecord.PromptCompletion(String prompt, String completion, Origin origin) ->
          List.of(
              trainsOnAll()
                  ? text(prompt + completion, origin)
                  : new RenderBuilder()
                      .add(missing(begin, prompt + completion))
                      .add(prompt)
                      .add(ended(completion, origin), 1)
                      .build());
      case SourceRecord.PlainText(String text, Origin origin) -> List.of(text(text, origin));
      case SourceRecord.Tokens tokens ->
          throw new IllegalStateException(tokens.origin() + ": tokens are not rendered");
    };
  }

  private boolean trainsOnAll() {
    return supervision().trainOn() == TrainOn.ALL_TOKENS;
  }

  private Rendered text(String text, Origin origin) {
    return new RenderBuilder().add(missing(begin, text)).add(ended(text, origin), 1).build();
  }

  private static String missing(Optional<String> token, String text) {
    return token.filter(begin -> !text.startsWith(begin)).orElse("");
  }

  private String ended(String text, Origin origin) {
    if (end.isEmpty()) {
      // Without it the model would never learn to stop.
      throw new DataException(
          origin,
          null,
          "expected a tokenizer with an end-of-text token, got none; set \"eos_token\" in its"
              + " tokenizer_config.json");
    }
    return text.endsWith(end.get()) ? text : text + end.get();
  }

  /**
   * What the model is shown before it answers: the messages and the header of the assistant's turn.
   */
  String prompt(SourceRecord.Conversation conversation) {
    return conversations.text().render(conversation, conversation.messages().size(), true).text();
  }
}
