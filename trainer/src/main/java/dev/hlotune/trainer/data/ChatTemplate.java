package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.List;

/**
 * How a conversation becomes text. Rendering gives the text and, from the same pass, the spans that
 * carry loss, so that the two cannot disagree.
 */
public sealed interface ChatTemplate permits ChatMlTemplate, GuideTemplate {
  /** ChatML: {@code <|im_start|>role\ncontent<|im_end|>\n}. */
  ChatTemplate CHATML = new ChatMlTemplate();

  /** Plain tags: {@code <|user|>\n…\n<|assistant|>\n…<|endoftext|>}. */
  ChatTemplate GUIDE = new GuideTemplate();

  /** The templates that come with hlotune. */
  List<ChatTemplate> BUILT_IN = List.of(CHATML, GUIDE);

  /**
   * A built-in template by name.
   *
   * @throws DataException if there is none of that name
   */
  static ChatTemplate named(String name) {
    for (ChatTemplate template : BUILT_IN) {
      if (template.name().equals(name)) {
        return template;
      }
    }
    throw new DataException(
        "chat template: expected one of "
            + BUILT_IN.stream().map(template -> '"' + template.name() + '"').toList()
            + ", got \""
            + name
            + '"');
  }

  /** The name, as recipes give it. */
  String name();

  /** What identifies the rendering: two templates with the same value render the same. */
  String fingerprint();

  /** What the assistant ends a turn with: the string at which generation stops. */
  String endOfTurn();

  /**
   * Renders a conversation for training. A message's content and the end of its turn carry the
   * message's weight; headers and what separates turns carry none.
   *
   * @throws DataException if the template refuses the conversation
   */
  Rendered render(SourceRecord.Conversation conversation);

  /** Renders what comes before the answer: the messages and the header of the assistant's turn. */
  String prompt(List<Message> messages);

  /** The same rendering as a Jinja template, as {@code chat_template.jinja} carries it. */
  String jinja();
}
