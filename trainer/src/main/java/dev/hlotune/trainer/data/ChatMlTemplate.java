package dev.hlotune.trainer.data;

import java.util.List;

/** ChatML. A default system message is not added. */
record ChatMlTemplate() implements ChatTemplate {
  private static final String END = "<|im_end|>";

  @Override
  public String name() {
    return "chatml";
  }

  @Override
  public String fingerprint() {
    return "built-in:chatml:1";
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
  public String prompt(List<Message> messages) {
    return turns(messages).add("<|im_start|>assistant\n").text();
  }

  @Override
  public String jinja() {
    return "{%- for message in messages -%}"
        + "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' -}}"
        + "{%- endfor -%}"
        + "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}";
  }

  private static RenderBuilder turns(List<Message> messages) {
    RenderBuilder builder = new RenderBuilder();
    for (Message message : messages) {
      builder
          .add("<|im_start|>" + message.role() + "\n")
          .add(message.content() + END, message.weight())
          .add("\n");
    }
    return builder;
  }
}
