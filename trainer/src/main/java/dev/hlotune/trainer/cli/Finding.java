package dev.hlotune.trainer.cli;

/**
 * What {@code hlotune doctor} found about one thing.
 *
 * @param level how bad it is
 * @param subject what it is about, in a word or two
 * @param text what was found
 * @param advice what to do about it; empty where nothing is to be done
 */
record Finding(Level level, String subject, String text, String advice) {

  /** How bad it is. */
  enum Level {
    /** As needed. */
    OK("ok"),
    /** A run may work, slower or with less. */
    WARN("warn"),
    /** A run cannot work. */
    FAIL("fail");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, "");
  }

  static Finding warn(String subject, String text, String advice) {
    return new Finding(Level.WARN, subject, text, advice);
  }

  static Finding fail(String subject, String text, String advice) {
    return new Finding(Level.FAIL, subject, text, advice);
  }

  /** {@code ok java 25.0.3}, with the advice on a line of its own. */
  String lines() {
    String line = "%-4s  %-8s  %s".formatted(level.word(), subject, text);
    return advice.isEmpty() ? line : line + "\n" + " ".repeat(16) + advice;
  }
}
