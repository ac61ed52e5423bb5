package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ChatTemplateRef;
import dev.hlotune.configs.DataConfig;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the chat template that a recipe asks for. */
final class Templates {
  private Templates() {}

  /**
   * The template, with its variables.
   *
   * @throws DataException if the tokenizer has none of that name, or a file cannot be read
   */
  static ChatTemplate of(DataConfig config, Tokenizer tokenizer) {
    ChatTemplate template =
        switch (config.chatTemplate().orElse(null)) {
          case null ->
              own(tokenizer, Optional.empty()).orElseGet(() -> ChatTemplate.named("chatml"));
          case ChatTemplateRef.BuiltIn(String name) -> ChatTemplate.named(name);
          case ChatTemplateRef.InFile(Path path) -> inFile(path);
          case ChatTemplateRef.Own(Optional<String> name) ->
              own(tokenizer, name)
                  .orElseThrow(() ->
                      new DataException(
                          tokenizer.directory(),
                          "chat template: expected "
                              + name.map(some -> "one named \"" + some + '"').orElse("one")
                              + " with the tokenizer, got "
                              + tokenizer.chatTemplates().keySet()));
        };
    return template.with(config.templateVariables());
  }

  private static Optional<ChatTemplate> own(Tokenizer tokenizer, Optional<String> name) {
    String wanted = name.orElse(Tokenizer.DEFAULT_TEMPLATE);
    return Optional.ofNullable(tokenizer.chatTemplates().get(wanted))
        .map(source ->
            ChatTemplate.of("tokenizer" + name.map(some -> ":" + some).orElse(""), source));
  }

  private static ChatTemplate inFile(Path path) {
    if (Files.isDirectory(path)) {
      return Optional.ofNullable(Tokenizer.templates(path).get(Tokenizer.DEFAULT_TEMPLATE))
          .map(source -> ChatTemplate.of(path.toString(), source))
          .orElseThrow(() ->
              new DataException(
                  path,
                  "expected chat_template.jinja, or a tokenizer_config.json with a template, got"
                      + " neither"));
    }
    try {
      return ChatTemplate.of(path.toString(), Files.readString(path));
    } catch (IOException e) {
      throw new DataException(path, "cannot be read: " + e.getMessage(), e);
    }
  }
}
