package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Renders any record: conversations by the chat template, everything else as it stands, with the
 * end token after it unless the text already ends with it.
 *
 * @param template renders conversations
 * @param endToken the tokenizer's end-of-text token, or null where it has none
 */
record Renderer(ChatTemplate template, @Nullable String endToken) {
  /**
   * Renders a record.
   *
   * @throws DataException if the record needs an end token and there is none, or the template
   *     refuses
   */
  Rendered render(SourceRecord source) {
    return switch (source) {
      case SourceRecord.Conversation conversation -> template.render(conversation);
      case SourceRecord.PromptCompletion(String prompt, String completion, Origin origin) ->
          new RenderBuilder().add(prompt).add(ended(completion, origin), 1).build();
      case SourceRecord.PlainText(String text, Origin origin) ->
          new RenderBuilder().add(ended(text, origin), 1).build();
    };
  }

  private String ended(String text, Origin origin) {
    if (endToken == null) {
      // Without it the model would never learn to stop.
      throw new DataException(
          origin,
          null,
          "expected a tokenizer with an end-of-text token, got none; set \"eos_token\" in its"
              + " tokenizer_config.json");
    }
    return text.endsWith(endToken) ? text : text + endToken;
  }
}
