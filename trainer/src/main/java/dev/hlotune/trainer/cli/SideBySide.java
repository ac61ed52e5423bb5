package dev.hlotune.trainer.cli;

import java.util.ArrayList;
import java.util.List;

/** Two texts in two columns. */
final class SideBySide {
  private static final String BETWEEN = " | ";

  private SideBySide() {}

  /**
   * Lines that end with a line break.
   *
   * @param titles of the columns
   * @param texts of the columns, broken between words where that is possible
   * @param width of both columns and what is between them
   */
  static String of(List<String> titles, List<String> texts, int width) {
    int column = (width - BETWEEN.length()) / 2;
    List<String> left = lines(titles.getFirst(), texts.getFirst(), column);
    List<String> right = lines(titles.getLast(), texts.getLast(), column);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String first = i < left.size() ? left.get(i) : "";
      String second = i < right.size() ? right.get(i) : "";
      String line = first + " ".repeat(column - length(first)) + BETWEEN + second;
      out.append(line.stripTrailing()).append('\n');
    }
    return out.toString();
  }

  /** The title, a rule, and the text. */
  private static List<String> lines(String title, String text, int column) {
    List<String> lines = new ArrayList<>();
    lines.add(length(title) <= column ? title : "…" + title.substring(title.length() - column + 1));
    lines.add("-".repeat(column));
    text.lines().forEach(line -> broken(line, column, lines));
    return lines;
  }

  private static void broken(String line, int column, List<String> into) {
    String rest = line;
    while (length(rest) > column) {
      int most = rest.offsetByCodePoints(0, column);
      int space = rest.lastIndexOf(' ', most);
      int end = space > 0 ? space : most;
      into.add(rest.substring(0, end));
      rest = rest.substring(space > 0 ? end + 1 : end);
    }
    into.add(rest);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
