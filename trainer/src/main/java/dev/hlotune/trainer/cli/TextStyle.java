package dev.hlotune.trainer.cli;

/** How words are set off: by colours, or not at all. */
enum TextStyle {
  /** By the terminal's colours. */
  COLOURED,
  /** Not. */
  PLAIN;

  private static final String RESET = "\033[0m";

  /** Set off by a code of ECMA-48, such as {@code 31} for red. */
  String with(String code, String words) {
    return this == PLAIN || words.isEmpty() ? words : "\033[" + code + "m" + words + RESET;
  }
}
