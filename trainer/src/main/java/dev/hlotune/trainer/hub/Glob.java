package dev.hlotune.trainer.hub;

import dev.hlotune.trainer.source.DataException;
import java.util.regex.Pattern;

/**
 * A pattern of file names as {@code fsspec} reads it, which {@code datasets} leaves it to: {@code
 * *} and {@code ?} within a name, {@code [a-z]} and {@code [!a-z]}, and {@code **} as a whole name
 * for any number of folders.
 */
final class Glob {
  private Glob() {}

  /** Whether it may match more than the one file that it spells. */
  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /** The pattern that matches a text alone. */
  static String quote(String text) {
    return text.replaceAll("[*?\\[]", "[$0]");
  }

  /**
   * The regular expression that whole paths match.
   *
   * @throws DataException if {@code **} is only a part of a name
   */
  static Pattern compile(String pattern) {
    StringBuilder out = new StringBuilder();
    String[] parts = pattern.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      String part = parts[i];
      if (part.equals("*")) {
        out.append("[^/]+").append(last ? "" : "/");
      } else if (part.equals("**")) {
        out.append(last ? ".*" : "(?:.+/)?");
      } else if (part.contains("**")) {
        throw new DataException(
            "data files: expected '**' as a whole folder name, got '" + pattern + "'");
      } else {
        name(part, out);
        out.append(last ? "" : "/");
      }
    }
    return Pattern.compile(out.toString(), Pattern.DOTALL);
  }

  private static void name(String part, StringBuilder out) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int end = c == '[' ? endOfSet(part, i) : -1;
      if (c == '*') {
        out.append("[^/]*");
      } else if (c == '?') {
        out.append("[^/]");
      } else if (end > 0) {
        set(part.substring(i + 1, end), out);
        i = end;
      } else {
        literal(c, out);
      }
    }
  }

  /** Where a set ends; a bracket that comes first in it is one of its characters. */
  private static int endOfSet(String part, int start) {
    int from = start + 1;
    from += from < part.length() && part.charAt(from) == '!' ? 1 : 0;
    return part.indexOf(']', from + 1);
  }

  private static void set(String inside, StringBuilder out) {
    boolean not = inside.startsWith("!");
    String members = not ? inside.substring(1) : inside;
    StringBuilder set = new StringBuilder();
    for (int i = 0; i < members.length(); i++) {
      char from = members.charAt(i);
      if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
        char to = members.charAt(i + 2);
        if (from <= to) {
          literal(from, set);
          set.append('-');
          literal(to, set);
        }
        i += 2;
      } else {
        literal(from, set);
      }
    }
    if (set.isEmpty()) {
      // Ranges that run backwards hold nothing.
      out.append(not ? "." : "(?!)");
    } else {
      out.append(not ? "[^" : "[").append(set).append(']');
    }
  }

  private static void literal(char c, StringBuilder out) {
    if (c < 128 && !Character.isLetterOrDigit(c)) {
      out.append('\\');
    }
    out.append(c);
  }
}
