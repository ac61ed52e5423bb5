package dev.hlotune.trainer.jinja.syntax;

/** The value of a string literal: Python's {@code unicode-escape}, after its ASCII form. */
final class StringLiteral {
  private StringLiteral() {}

  static String value(String text, int line) {
    return text.indexOf('\\') < 0 ? text : decode(toAscii(text), line);
  }

  /**
   * Other characters as escapes, as Jinja writes them before it decodes: so a backslash before one
   * takes the backslash of its escape with it.
   */
  private static String toAscii(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c < 0x80) {
            out.append((char) c);
          } else {
            out.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
          }
        });
    return out.toString();
  }

  private static String decode(String text, int line) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = text.charAt(i++);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(escape);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000b');
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int end = i;
          while (end < i + 2 && end < text.length() && isOctal(text.charAt(end))) {
            end++;
          }
          out.append((char) Integer.parseInt(text.substring(i - 1, end), 8));
          i = end;
        }
        case 'x' -> i = hexadecimal(text, i, 2, out, line);
        case 'u' -> i = hexadecimal(text, i, 4, out, line);
        case 'U' -> i = hexadecimal(text, i, 8, out, line);
        case 'N' -> i = named(text, i, out, line);
        default -> out.append('\\').append(escape);
      }
    }
    return out.toString();
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int hexadecimal(String text, int start, int digits, StringBuilder out, int line) {
    int end = start + digits;
    boolean valid =
        end <= text.length()
            && text.substring(start, end).chars().allMatch(c -> Character.digit(c, 16) >= 0);
    long codePoint = valid ? Long.parseLong(text, start, end, 16) : -1;
    if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
      throw SyntaxErrors.expected(line, digits + " hexadecimal digits of a character", "others");
    }
    out.appendCodePoint((int) codePoint);
    return end;
  }

  private static int named(String text, int start, StringBuilder out, int line) {
    int end = text.indexOf('}', start);
    if (!text.startsWith("{", start) || end < 0) {
      throw SyntaxErrors.expected(line, "the name of a character after \\N", "none");
    }
    String name = text.substring(start + 1, end);
    try {
      out.appendCodePoint(Character.codePointOf(name));
    } catch (IllegalArgumentException _) {
      throw SyntaxErrors.expected(line, "the name of a character", "\"" + name + "\"");
    }
    return end + 1;
  }
}
