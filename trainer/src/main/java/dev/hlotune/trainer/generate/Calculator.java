package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Evaluates what a model wrote as an expression: numbers, {@code + - * / // % **} and parentheses
 * as Python has them, and how often one string is in another, {@code 'banana'.count('a')}. Nothing
 * else is ever run. Length, depth and the size of numbers are bounded, and so is the time.
 *
 * <p>Commas are left out before anything is read, as nanochat does: {@code 1,250*2} is 2500.
 */
public final class Calculator {
  private static final int LONGEST = 500;
  private static final int DEEPEST = 50;

  /** Python prints no integer of more than 4,300 digits. */
  private static final int MOST_BITS = 14_284;

  private final String text;
  private int at;
  private int depth;

  private Calculator(String text) {
    this.text = text;
  }

  /** The value as Python prints it; empty where it is no such expression or has no value. */
  public static Optional<String> evaluate(String expression) {
    return value(expression).map(Repr::str);
  }

  /**
   * The same as people write it: 24 where Python has 24.0, as in GSM8K's annotations.
   *
   * @param expression the expression
   */
  static Optional<String> evaluatePlainly(String expression) {
    return evaluate(expression)
        .map(value -> value.endsWith(".0") ? value.substring(0, value.length() - 2) : value);
  }

  private static Optional<Object> value(String expression) {
    String plain = expression.replace(",", "");
    if (plain.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      Calculator reader = new Calculator(plain);
      Object value = reader.sum();
      reader.skipSpace();
      return reader.at == plain.length() ? Optional.of(value) : Optional.empty();
    } catch (DataException e) {
      // Not an expression, or one without a value: a model writes such things, and goes on.
      return Optional.empty();
    }
  }

  private Object sum() {
    if (++depth > DEEPEST) {
      throw new DataException("expression: expected at most %d levels".formatted(DEEPEST));
    }
    Object value = product();
    while (true) {
      if (takes("+")) {
        value = checked(Arithmetic.add(value, product()));
      } else if (takes("-")) {
        value = checked(Arithmetic.subtract(value, product()));
      } else {
        depth--;
        return value;
      }
    }
  }

  private Object product() {
    Object value = signed();
    while (true) {
      if (takes("//")) {
        value = checked(Arithmetic.floorDivide(value, signed()));
      } else if (takes("/")) {
        value = checked(Arithmetic.divide(value, signed()));
      } else if (takes("%")) {
        value = checked(Arithmetic.modulo(value, signed()));
      } else if (!startsWith("**") && takes("*")) {
        value = checked(Arithmetic.multiply(value, signed()));
      } else {
        return value;
      }
    }
  }

  private Object signed() {
    boolean negative = false;
    boolean any = false;
    while (true) {
      if (takes("-")) {
        negative = !negative;
      } else if (!takes("+")) {
        break;
      }
      any = true;
    }
    Object value = power();
    return negative ? Arithmetic.negate(value) : any ? Arithmetic.positive(value) : value;
  }

  private Object power() {
    Object base = atom();
    return takes("**") ? checked(Arithmetic.power(base, signed())) : base;
  }

  private Object atom() {
    if (takes("(")) {
      Object value = sum();
      require(")");
      return value;
    }
    skipSpace();
    char first = at < text.length() ? text.charAt(at) : ' ';
    return first == '\'' || first == '"' ? count() : number();
  }

  private Object count() {
    String whole = string();
    require(".");
    require("count");
    require("(");
    String part = string();
    require(")");
    if (part.isEmpty()) {
      return (long) whole.codePointCount(0, whole.length()) + 1;
    }
    long times = 0;
    for (int i = whole.indexOf(part); i >= 0; i = whole.indexOf(part, i + part.length())) {
      times++;
    }
    return times;
  }

  private String string() {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw unexpected("a string in quotes");
    }
    String string = text.substring(at + 1, end);
    if (string.indexOf('\\') >= 0 || string.indexOf('\n') >= 0) {
      throw unexpected("a string without escapes");
    }
    at = end + 1;
    return string;
  }

  private Object number() {
    int start = at;
    skipDigits();
    int whole = at - start;
    boolean point = at < text.length() && text.charAt(at) == '.';
    if (point) {
      at++;
      skipDigits();
    }
    String digits = text.substring(start, at);
    if (whole + (point ? digits.length() - whole - 1 : 0) == 0) {
      throw unexpected("a number");
    }
    if (point) {
      return Double.parseDouble(digits);
    }
    BigInteger value = new BigInteger(digits);
    if (digits.charAt(0) == '0' && value.signum() != 0) {
      throw unexpected("a number without zeros before it");
    }
    return Numbers.canonical(value);
  }

  private void skipDigits() {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
  }

  private static Object checked(Object value) {
    if (!Numbers.isFloat(value) && Numbers.big(value).bitLength() > MOST_BITS) {
      throw new DataException("expression: expected integers of at most 4,300 digits");
    }
    return value;
  }

  private boolean startsWith(String symbol) {
    skipSpace();
    return text.startsWith(symbol, at);
  }

  private boolean takes(String symbol) {
    if (!startsWith(symbol)) {
      return false;
    }
    at += symbol.length();
    return true;
  }

  private void require(String symbol) {
    if (!takes(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private DataException unexpected(String what) {
    return new DataException(
        "expression: expected %s at character %d, got '%s'".formatted(what, at + 1, text));
  }
}
