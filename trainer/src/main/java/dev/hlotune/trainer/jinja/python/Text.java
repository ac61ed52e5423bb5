package dev.hlotune.trainer.jinja.python;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strings by code points. */
public final class Text {
  private Text() {}

  /** The text of a str, markup or not; null for any other value. */
  public static @Nullable String ofString(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Markup(String text) -> text;
      case null, default -> null;
    };
  }

  /** The text of a str; an error for any other value. */
  public static String require(String what, @Nullable Object value) {
    String text = ofString(value);
    if (text == null) {
      throw Types.unexpected(what, "a string", value);
    }
    return text;
  }

  /** What {@code len(text)} gives. */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Where in the Java string the code point of that number begins. */
  static int offset(String text, int codePoint) {
    return text.offsetByCodePoints(0, codePoint);
  }

  /** What {@code text[start:end]} gives, for places that lie in the text. */
  static String slice(String text, int start, int end) {
    int from = offset(text, start);
    return text.substring(from, text.offsetByCodePoints(from, end - start));
  }

  /** By code points, which is not Java's order beyond the basic plane. */
  static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.isSurrogate(x) == Character.isSurrogate(y)
            ? Character.compare(x, y)
            : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Without white space at both ends. */
  public static String strip(String text) {
    return strip(text, null, true, true);
  }

  /** Without those characters, or white space where they are null, at its ends. */
  static String strip(String text, @Nullable String characters, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end) {
      int c = text.codePointAt(start);
      if (!strips(c, characters)) {
        break;
      }
      start += Character.charCount(c);
    }
    while (right && end > start) {
      int c = text.codePointBefore(end);
      if (!strips(c, characters)) {
        break;
      }
      end -= Character.charCount(c);
    }
    return text.substring(start, end);
  }

  private static boolean strips(int c, @Nullable String characters) {
    return characters == null ? Characters.isSpace(c) : characters.indexOf(c) >= 0;
  }

  /** What {@code splitlines} gives. */
  public static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Characters.isLineEnd(text.charAt(i))) {
        int end = i;
        if (text.startsWith("\r\n", i)) {
          i++;
        }
        lines.add(text.substring(start, keepEnds ? i + 1 : end));
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /** Its words, by white space. */
  public static List<String> words(String text) {
    return Splitting.byWhiteSpace(text, Integer.MAX_VALUE);
  }
}
