package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a chat template comes from. */
public sealed interface ChatTemplateRef {
  /** The names of the templates that come with hlotune. */
  List<String> BUILT_IN =
      List.of("chatml", "guide", "nanochat", "llama-3", "zephyr", "mistral", "gemma", "qwen");

  /**
   * One that comes with hlotune.
   *
   * @param name one of {@link #BUILT_IN}
   */
  record BuiltIn(String name) implements ChatTemplateRef {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The tokenizer's own.
   *
   * @param name which, where it has several; empty is its default
   */
  record Own(Optional<String> name) implements ChatTemplateRef {
    static final String WORD = "tokenizer";

    @Override
    public String toString() {
      return name.map(some -> WORD + ":" + some).orElse(WORD);
    }
  }

  /**
   * A file.
   *
   * @param path the Jinja source, or a directory that has {@code chat_template.jinja} or a {@code
   *     tokenizer_config.json} with a template
   */
  record InFile(Path path) implements ChatTemplateRef {
    @Override
    public String toString() {
      return path.toString();
    }
  }
}
