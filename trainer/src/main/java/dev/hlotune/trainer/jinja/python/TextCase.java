package dev.hlotune.trainer.jinja.python;

import java.util.Locale;

/** Upper, lower and title case. */
public final class TextCase {
  private TextCase() {}

  /** What {@code text.upper()} gives. */
  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** What {@code text.lower()} gives. */
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** What {@code text.capitalize()} gives. */
  public static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    String title = titleOf(first);
    // the rest is put in lower case with its beginning in sight: a sigma may be final
    String lower = lower(text);
    return title + lower.substring(lower(Character.toString(first)).length());
  }

  /** What {@code text.title()} gives. */
  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    String lower = lower(text);
    boolean aligned = lower.length() == text.length();
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (!inWord) {
        out.append(titleOf(c));
      } else {
        out.append(aligned ? lower.substring(i, next) : lower(Character.toString(c)));
      }
      inWord = Characters.isCased(c);
      i = next;
    }
    return out.toString();
  }

  /** What {@code text.swapcase()} gives. */
  static String swap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    String lower = lower(text);
    boolean aligned = lower.length() == text.length();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      String character = text.substring(i, next);
      if (Character.isUpperCase(c)) {
        out.append(aligned ? lower.substring(i, next) : lower(character));
      } else {
        out.append(Character.isLowerCase(c) ? upper(character) : character);
      }
      i = next;
    }
    return out.toString();
  }

  /** The title case of a character; Unicode has no rule for it, only a list. */
  private static String titleOf(int c) {
    int simple = Character.toTitleCase(c);
    String upper = upper(Character.toString(c));
    boolean single = upper.codePointCount(0, upper.length()) == 1;
    if (simple != c || single || Character.getType(c) == Character.TITLECASE_LETTER) {
      return Character.toString(simple);
    }
    if (c == 0x149) {
      return upper;
    }
    int first = upper.codePointAt(0);
    String rest = upper.substring(Character.charCount(first));
    return Character.toString(first) + lower(rest).replace('\u03b9', '\u0345');
  }
}
