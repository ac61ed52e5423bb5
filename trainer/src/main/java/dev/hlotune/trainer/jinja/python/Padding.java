package dev.hlotune.trainer.jinja.python;

import org.jspecify.annotations.Nullable;

/** Strings made wider. */
public final class Padding {
  private Padding() {}

  /** What {@code text.center(width, fill)} gives. */
  public static String center(String text, @Nullable Object width, @Nullable Object fill) {
    int wanted = Numbers.count(width, "center");
    int missing = wanted - Text.length(text);
    if (missing <= 0) {
      fill("center", fill, 0);
      return text;
    }
    int left = missing / 2 + (missing & wanted & 1);
    return fill("center", fill, left) + text + fill("center", fill, missing - left);
  }

  static String left(String text, @Nullable Object width, @Nullable Object fill) {
    return text + fill("ljust", fill, missing("ljust", text, width));
  }

  static String right(String text, @Nullable Object width, @Nullable Object fill) {
    return fill("rjust", fill, missing("rjust", text, width)) + text;
  }

  static String zeros(String text, @Nullable Object width) {
    String zeros = Sequences.repeat("0", missing("zfill", text, width));
    boolean signed = text.startsWith("+") || text.startsWith("-");
    return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
  }

  static String tabs(String text, @Nullable Object size) {
    int width = Numbers.count(size, "expandtabs");
    StringBuilder out = new StringBuilder(text.length());
    int column = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\t') {
        int spaces = width > 0 ? width - column % width : 0;
        Limits.length((long) out.length() + spaces);
        out.repeat(' ', spaces);
        column += spaces;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }

  private static int missing(String what, String text, @Nullable Object width) {
    return Math.max(0, Numbers.count(width, what) - Text.length(text));
  }

  private static String fill(String what, @Nullable Object fill, int times) {
    String text = Text.require(what, fill);
    if (Text.length(text) != 1) {
      throw Types.unexpected(what, "one character to fill with", fill);
    }
    return Sequences.repeat(text, times);
  }
}
