package dev.hlotune.trainer.cli;

/**
 * Text of the data as a terminal may show it: what would not be seen, or would command the
 * terminal, is spelled out.
 */
final class Visible {
  private Visible() {}

  /** A character; line breaks, tabs and spaces are left to the caller. */
  static String of(int character) {
    if (character < 0x20) {
      return Character.toString(0x2400 + character);
    }
    if (character == 0x7F) {
      return "\u2421";
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          "⟨U+%04X⟩".formatted(character);
      default -> Character.toString(character);
    };
  }

  /** A text in one line and in quotes. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(character ->
            quoted.append(
                switch (character) {
                  case '\n' -> "\\n";
                  case '\r' -> "\\r";
                  case '\t' -> "\\t";
                  case '"' -> "\\\"";
                  case '\\' -> "\\\\";
                  default -> of(character);
                }));
    return quoted.append('"').toString();
  }
}
