package dev.hlotune.configs;

/** Cells of the documentation's tables. */
final class Markdown {
  private Markdown() {}

  static String code(String text) {
    return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
  }

  static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;");
  }
}
