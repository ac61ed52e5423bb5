package dev.hlotune.trainer.data;

import java.util.List;

/**
 * Tags in plain text, a newline after each: {@code <|system|>\n…\n<|user|>\n…\n<|assistant|>\n…}
 * and {@code <|endoftext|>} at the end of each answer. Made for tokenizers, like GPT-2's, whose
 * only special token is {@code <|endoftext|>}; the tags are then encoded as ordinary text.
 */
record GuideTemplate() implements ChatTemplate {
  private static final String END = "<|endoftext|>";

  @Override
  public String name() {
    return "guide";
  }

  @Override
  public String fingerprint() {
    return "built-in:guide:1";
  }

  @Override
  public String endOfTurn() {
    return END;
  }

  @Override
  public Rendered render(SourceRecord.Conversation conversation) {
    return turns(conversation.messages()).build();
  }

  @Override
  public String jinja() {
    return "{%- for message in messages -%}"
        + "{{- '<|' + message['role'] + '|>\\n' + message['content'] -}}"
        + "{{- '<|endoftext|>' if message['role'] == 'assistant' else '\\n' -}}"
        + "{%- endfor -%}"
        + "{%- if add_generation_prompt -%}{{- '<|assistant|>\\n' -}}{%- endif -%}";
  }

  @Override
  public String prompt(List<Message> messages) {
    return turns(messages).add("<|assistant|>\n").text();
  }

  private static RenderBuilder turns(List<Message> messages) {
    RenderBuilder builder = new RenderBuilder();
    for (Message message : messages) {
      builder.add("<|" + message.role() + "|>\n");
      if (message.role().equals("assistant")) {
        builder.add(message.content() + END, message.weight());
      } else {
        builder.add(message.content(), message.weight()).add("\n");
      }
    }
    return builder;
  }
}
