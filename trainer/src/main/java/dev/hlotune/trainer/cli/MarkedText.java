package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.TokenView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The text of an example with what carries loss set off: green on a terminal, where the rest is
 * dim, or in {@code [[ ]]}. Weights other than 1 stand before their text. Line breaks are kept;
 * spaces are seen where a line ends with them, and a line break where a stretch begins or ends with
 * it.
 */
final class MarkedText {
  /** A character of the text. */
  private record Mark(int character, float weight, boolean special) {
    boolean isSpace() {
      return character == ' ' || character == '\t';
    }
  }

  private final List<Mark> marks = new ArrayList<>();
  private final TextStyle style;
  private final StringBuilder text = new StringBuilder();

  private MarkedText(List<TokenView> tokens, TextStyle style) {
    this.style = style;
    for (TokenView token : tokens) {
      token
          .text()
          .codePoints()
          .forEach(each -> marks.add(new Mark(each, token.weight(), token.special())));
    }
  }

  /** The text, which ends with a line break. */
  static String of(List<TokenView> tokens, TextStyle style) {
    return new MarkedText(tokens, style).render();
  }

  private String render() {
    for (int from = 0, to; from < marks.size(); from = to) {
      float weight = marks.get(from).weight();
      to = from + 1;
      while (to < marks.size() && marks.get(to).weight() == weight) {
        to++;
      }
      stretch(from, to, weight);
    }
    return text.isEmpty() || text.charAt(text.length() - 1) != '\n' ? text + "\n" : text.toString();
  }

  /** Characters of one weight. */
  private void stretch(int from, int to, float weight) {
    String before = weight == 0 || weight == 1 ? "" : number(weight) + ":";
    if (style == TextStyle.PLAIN) {
      text.append(weight == 0 ? "" : "[[" + before);
    } else if (!before.isEmpty()) {
      text.append(style.with("7;" + colour(weight), before));
    }
    for (int at = from, end; at < to; at = end) {
      boolean special = marks.get(at).special();
      end = at + 1;
      while (end < to
          && marks.get(end).special() == special
          && marks.get(end - 1).character() != '\n') {
        end++;
      }
      line(at, end, from, to, (special ? "1;" : "") + colour(weight));
    }
    if (style == TextStyle.PLAIN && weight != 0) {
      text.append("]]");
    }
  }

  /** Characters of one look, of which only the last can be a line break. */
  private void line(int from, int to, int stretchFrom, int stretchTo, String code) {
    StringBuilder line = new StringBuilder();
    int end = marks.get(to - 1).character() == '\n' ? to - 1 : to;
    for (int i = from; i < end; i++) {
      line.append(shown(i));
    }
    boolean learned = marks.get(from).weight() != 0;
    boolean edge = end < to && learned && (end == stretchFrom || to == stretchTo);
    text.append(style.with(code, edge ? line.append('⏎').toString() : line.toString()));
    text.append(end < to ? "\n" : "");
  }

  private String shown(int index) {
    Mark mark = marks.get(index);
    if (mark.isSpace()) {
      return endsLine(index)
          ? mark.character() == ' ' ? "·" : "⇥"
          : Character.toString(mark.character());
    }
    return Visible.of(mark.character());
  }

  /** Whether nothing but spaces stands between here and the end of the line. */
  private boolean endsLine(int index) {
    int next = index;
    while (next < marks.size() && marks.get(next).isSpace()) {
      next++;
    }
    return next == marks.size() || marks.get(next).character() == '\n';
  }

  private static String colour(float weight) {
    return weight == 0 ? "2" : weight == 1 ? "32" : weight < 0 ? "35" : "33";
  }

  /** {@code 0.5}, {@code 2}. */
  static String number(float weight) {
    return weight == Math.rint(weight) && Math.abs(weight) < 1e6
        ? String.format(Locale.ROOT, "%.0f", weight)
        : Float.toString(weight);
  }
}
