package dev.hlotune.configs;

/** The templates that come with hlotune, by the names of recipes. */
public enum ChatTemplateName implements Spelled {
  /** {@code <|im_start|>role\ncontent<|im_end|>\n}. */
  CHATML("chatml"),
  /** {@code <|user|>\n…\n<|assistant|>\n…<|endoftext|>}. */
  GUIDE("guide");

  private final String spellings;

  ChatTemplateName(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
