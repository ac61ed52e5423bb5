package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/** A chat template: a built-in name, the tokenizer's own, or a file. */
record TemplateType() implements KeyType<ChatTemplateRef> {
  private static final FilePath PATH = new FilePath(true);

  @Override
  public String placeholder() {
    return "NAME|PATH";
  }

  @Override
  public String expectation() {
    return "one of "
        + String.join(
            ", ", ChatTemplateRef.BUILT_IN.stream().map(name -> "'" + name + "'").toList())
        + ", 'tokenizer', or a file that exists";
  }

  @Override
  public ChatTemplateRef parse(String text) {
    return parse(text, Locator.UNSEEN);
  }

  @Override
  public ChatTemplateRef parse(String text, Locator locator) {
    if (ChatTemplateRef.BUILT_IN.contains(text)) {
      return new ChatTemplateRef.BuiltIn(text);
    }
    if (text.equals(ChatTemplateRef.Own.WORD) || text.equals("tokenizer_default")) {
      return new ChatTemplateRef.Own(Optional.empty());
    }
    if (text.startsWith(ChatTemplateRef.Own.WORD + ":")) {
      return new ChatTemplateRef.Own(
          Optional.of(text.substring(ChatTemplateRef.Own.WORD.length() + 1)));
    }
    Path path;
    try {
      path = PATH.parse(text);
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
    return new ChatTemplateRef.InFile(
        locator.find(path).orElseThrow(() -> locator.absent(this, path)));
  }

  @Override
  public void check(ChatTemplateRef value) {
    // Existence is looked up once, where the recipe is read.
  }

  @Override
  public Object plain(ChatTemplateRef value) {
    return value.toString();
  }
}
