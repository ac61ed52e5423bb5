package dev.hlotune.trainer.data;

import dev.hlotune.trainer.jinja.JinjaTemplate;
import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders messages by a template as {@code apply_chat_template} does.
 *
 * @param template the template
 * @param specialTokens the tokenizer's special tokens by their names, such as {@code bos_token}
 * @param now the time for templates that read the clock
 */
record ConversationText(
    ChatTemplate template, Map<String, String> specialTokens, ZonedDateTime now) {
  /**
   * Renders the first messages of a conversation.
   *
   * @param count how many
   * @param prompt whether the header of the assistant's next turn follows
   * @throws DataException if the template refuses, with the record
   */
  JinjaTemplate.Rendering render(
      SourceRecord.Conversation conversation, int count, boolean prompt) {
    List<Map<String, Object>> messages =
        conversation.messages().subList(0, count).stream().map(Message::shown).toList();
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("messages", messages);
    // Templates ask whether these are none, not whether they are defined.
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", prompt);
    variables.putAll(template.variables());
    variables.putAll(conversation.variables());
    try {
      return template.compiled().render(variables, now);
    } catch (DataException e) {
      throw new DataException(
          conversation.origin(),
          "messages",
          "chat template \"" + template.name() + "\" refuses: " + reason(e));
    }
  }

  private static String reason(DataException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("template: ") ? message.substring("template: ".length()) : message;
  }
}
