package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code "…" % values}, as C's printf. */
public final class PercentFormat {
  private final String format;
  private final @Nullable Object values;
  private final UnaryOperator<String> escape;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int nextValue;

  private PercentFormat(String format, @Nullable Object values, UnaryOperator<String> escape) {
    this.format = format;
    this.values = values;
    this.escape = escape;
  }

  /** What {@code format % values} gives; of markup, markup with the values escaped. */
  public static Object format(Object format, @Nullable Object values) {
    return format instanceof Markup(String text)
        ? new Markup(new PercentFormat(text, values, Markup::escapeText).run())
        : new PercentFormat(Text.require("%", format), values, UnaryOperator.identity()).run();
  }

  private record Spec(String flags, int width, int precision, char type) {
    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  private String run() {
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      int end = percent < 0 ? format.length() : percent;
      out.append(format, at, end);
      at = end + 1;
      if (percent >= 0) {
        directive();
      }
      Limits.length(out.length());
    }
    boolean used =
        values instanceof Tuple(List<@Nullable Object> items)
            ? nextValue >= items.size()
            : nextValue > 0 || isMapping(values);
    if (!used) {
      throw new DataException("%: expected the format to use all values, got more values");
    }
    return out.toString();
  }

  /** All that has items by key, tuples and strings aside; lists are among them. */
  private static boolean isMapping(@Nullable Object value) {
    return value instanceof Map
        || value instanceof List
        || value instanceof Range
        || value instanceof Undefined;
  }

  private void directive() {
    boolean keyed = peek() == '(';
    Object byKey = keyed ? byKey() : Missing.VALUE;
    StringBuilder flags = new StringBuilder();
    while ("-+ #0".indexOf(peek()) >= 0) {
      flags.append(next());
    }
    int width = number();
    if (width < 0) {
      flags.append('-');
      width = -width;
    }
    int precision = -1;
    if (peek() == '.') {
      next();
      precision = Math.max(0, number());
    }
    if ("hlL".indexOf(peek()) >= 0) {
      next();
    }
    Spec spec = new Spec(flags.toString(), width, precision, next());
    if (spec.type == '%') {
      out.append('%');
      return;
    }
    append(spec, keyed ? byKey : nextValue());
  }

  private @Nullable Object byKey() {
    next();
    int start = at;
    for (int depth = 1; depth > 0; ) {
      char c = next();
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    String key = format.substring(start, at - 1);
    if (!isMapping(values)) {
      throw Types.unexpected("%(" + key + ")", "a dict of values", values);
    }
    Object found = values instanceof Map<?, ?> dict ? Dicts.get(dict, key) : Missing.VALUE;
    if (found == Missing.VALUE) {
      throw new DataException("%: no value named \"" + key + "\"");
    }
    return found;
  }

  private char peek() {
    if (at >= format.length()) {
      throw new DataException("%: expected a complete format, got " + Repr.of(format));
    }
    return format.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private int number() {
    if (peek() == '*') {
      next();
      return Numbers.count(nextValue(), "%*");
    }
    long number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = number * 10 + next() - '0';
      Limits.length(number);
    }
    return (int) number;
  }

  private @Nullable Object nextValue() {
    if (values instanceof Tuple(List<@Nullable Object> items)) {
      if (nextValue >= items.size()) {
        throw new DataException("%: expected more values, got " + items.size());
      }
      return items.get(nextValue++);
    }
    if (nextValue++ > 0) {
      throw new DataException("%: expected more values, got 1");
    }
    return values;
  }

  private void append(Spec spec, @Nullable Object value) {
    switch (spec.type) {
      case 's' -> pad(spec, "", cut(spec, escape.apply(Repr.str(value))), false);
      case 'r' -> pad(spec, "", cut(spec, escape.apply(Repr.of(value))), false);
      case 'a' -> pad(spec, "", cut(spec, escape.apply(Repr.ascii(value))), false);
      case 'c' -> pad(spec, "", character(value), false);
      case 'd', 'i', 'u' -> integer(spec, 'd', whole(value));
      case 'o', 'x', 'X' -> {
        if (!Numbers.isIntegral(value)) {
          throw Types.unexpected("%" + spec.type, "an integer", value);
        }
        integer(spec, spec.type, Numbers.big(value));
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Numbers.isNumber(value)) {
          throw Types.unexpected("%" + spec.type, "a number", value);
        }
        double number = Numbers.toFloat(value);
        int precision = spec.precision < 0 ? 6 : spec.precision;
        String digits = NumberFormat.digits(Math.abs(number), spec.type, precision, spec.has('#'));
        pad(spec, sign(spec, NumberFormat.isNegative(number)), digits, true);
      }
      default -> throw new DataException("%: unknown format character '" + spec.type + "'");
    }
  }

  private static String cut(Spec spec, String text) {
    int length = Text.length(text);
    return spec.precision < 0 || spec.precision >= length
        ? text
        : Text.slice(text, 0, spec.precision);
  }

  private static String character(@Nullable Object value) {
    String text = Text.ofString(value);
    if (text != null && Text.length(text) == 1) {
      return text;
    }
    if (text == null && Numbers.isIntegral(value)) {
      int codePoint = Numbers.count(value, "%c");
      if (Character.isValidCodePoint(codePoint)) {
        return Character.toString(codePoint);
      }
    }
    throw Types.unexpected("%c", "one character", value);
  }

  private static BigInteger whole(@Nullable Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.unexpected("%d", "a number", value);
    }
    if (!Numbers.isFloat(value)) {
      return Numbers.big(value);
    }
    return Conversions.truncate(Numbers.approximate(value));
  }

  private void integer(Spec spec, char type, BigInteger value) {
    String digits = NumberFormat.digits(value.abs(), type);
    int missing = spec.precision - digits.length();
    String prefix = spec.has('#') ? NumberFormat.prefix(type) : "";
    String sign = sign(spec, value.signum() < 0);
    pad(spec, sign + prefix, Sequences.repeat("0", missing) + digits, true);
  }

  private static String sign(Spec spec, boolean negative) {
    return NumberFormat.sign(negative, spec.has('+') ? '+' : spec.has(' ') ? ' ' : '-');
  }

  private void pad(Spec spec, String sign, String text, boolean number) {
    int missing = spec.width - Text.length(sign) - Text.length(text);
    if (spec.has('-')) {
      out.append(sign).append(text).append(Sequences.repeat(" ", missing));
    } else if (number && spec.has('0')) {
      out.append(sign).append(Sequences.repeat("0", missing)).append(text);
    } else {
      out.append(Sequences.repeat(" ", missing)).append(sign).append(text);
    }
  }
}
