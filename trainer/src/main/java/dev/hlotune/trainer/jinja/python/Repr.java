package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values print. */
public final class Repr {
  /** Python refuses to print longer integers. */
  private static final int MOST_DIGITS = 4300;

  private Repr() {}

  /** What {@code str(x)} gives. */
  public static String str(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case PythonObject object -> object.str();
      case null, default -> of(value);
    };
  }

  /** What {@code repr(x)} gives. */
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean bool -> bool ? "True" : "False";
      case String text -> quoted(text);
      case Double _, Float _ -> FloatText.repr(Numbers.approximate(value));
      case BigInteger big -> integer(big);
      case Number number -> number.toString();
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        appendItems(out, list);
        yield out.append(']').toString();
      }
      case Map<?, ?> dict -> dict(dict);
      case PythonObject object -> object.repr();
      default -> throw Types.unexpected("value", "one that a template can hold", value);
    };
  }

  private static String integer(BigInteger big) {
    String digits = big.toString();
    if (digits.length() - (big.signum() < 0 ? 1 : 0) > MOST_DIGITS) {
      throw new DataException(
          "integer: expected at most " + MOST_DIGITS + " digits to print, got more");
    }
    return digits;
  }

  /** The items, each as by repr, with commas. */
  static void appendItems(StringBuilder out, Iterable<?> items) {
    String separator = "";
    for (Object item : items) {
      out.append(separator).append(of(item));
      Limits.length(out.length());
      separator = ", ";
    }
  }

  private static String dict(Map<?, ?> dict) {
    StringBuilder out = new StringBuilder("{");
    String separator = "";
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      out.append(separator)
          .append(of(Dicts.value(entry.getKey())))
          .append(": ")
          .append(of(entry.getValue()));
      Limits.length(out.length());
      separator = ", ";
    }
    return out.append('}').toString();
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints().forEach(c -> appendCharacter(out, c, quote));
    return out.append(quote).toString();
  }

  private static void appendCharacter(StringBuilder out, int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (Characters.isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          appendEscape(out, c);
        }
      }
    }
  }

  private static void appendEscape(StringBuilder out, int c) {
    String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    out.append(form.formatted(c));
  }

  /** What {@code ascii(x)} gives. */
  static String ascii(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    of(value)
        .codePoints()
        .forEach(c -> {
          if (c < 0x80) {
            out.append((char) c);
          } else {
            appendEscape(out, c);
          }
        });
    return out.toString();
  }
}
