package dev.hlotune.trainer.cli;

/** Lines with labels beside them, broken between words to a width. */
final class TextBlock {
  private final StringBuilder text = new StringBuilder();
  private final int width;

  TextBlock(int width) {
    this.width = width;
  }

  /** A line as it stands. */
  TextBlock line(String line) {
    text.append(line.stripTrailing()).append('\n');
    return this;
  }

  /**
   * A text with a label at its left.
   *
   * @param column where the text begins; a longer label has a line of its own
   */
  TextBlock labelled(String label, int column, String words) {
    StringBuilder line = new StringBuilder(label);
    if (label.length() >= column) {
      line(label);
      line.setLength(0);
    }
    line.append(" ".repeat(column - line.length()));
    boolean begun = false;
    for (String word : words.split("(?<=\\S) (?=\\S)", -1)) {
      if (begun && line.length() + 1 + word.length() > width) {
        line(line.toString());
        line.setLength(0);
        line.append(" ".repeat(column));
        begun = false;
      }
      line.append(begun ? " " : "").append(word);
      begun = true;
    }
    return line(line.toString());
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
