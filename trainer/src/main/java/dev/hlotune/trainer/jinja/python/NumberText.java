package dev.hlotune.trainer.jinja.python;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers read from text, as {@code int(text)} and {@code float(text)} read them. */
public final class NumberText {
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:(?:\\d+(?:_\\d+)*)?\\.?(?:(?<=\\.)\\d+(?:_\\d+)*)?(?:[eE][+-]?\\d+(?:_\\d+)*)?)");
  private static final Pattern WORD =
      Pattern.compile("([+-]?)(?:(inf|infinity)|nan)", Pattern.CASE_INSENSITIVE);

  /** Python refuses to read longer integers, in bases that are no powers of 2. */
  private static final int MOST_DIGITS = 4300;

  private NumberText() {}

  /** An integer in that base, or null where it is none. A base of 0 is told by the prefix. */
  public static @Nullable Number integer(String text, int base) {
    if (base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    String digits = ascii(Text.strip(text));
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base;
    int prefix = digits.length() > 1 && digits.charAt(0) == '0' ? prefixBase(digits.charAt(1)) : 0;
    if (prefix != 0 && (base == 0 || base == prefix)) {
      radix = prefix;
      digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
    } else if (base == 0) {
      radix = 10;
      if (digits.startsWith("0") && !digits.replace("_", "").matches("0+")) {
        return null;
      }
    }
    BigInteger value = parse(digits, radix);
    return value == null ? null : Numbers.canonical(negative ? value.negate() : value);
  }

  private static int prefixBase(char letter) {
    return switch (letter) {
      case 'b', 'B' -> 2;
      case 'o', 'O' -> 8;
      case 'x', 'X' -> 16;
      default -> 0;
    };
  }

  private static @Nullable BigInteger parse(String text, int radix) {
    if (text.startsWith("_") || text.endsWith("_") || text.contains("__")) {
      return null;
    }
    String digits = text.replace("_", "");
    boolean valid =
        !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
    boolean tooLong = digits.length() > MOST_DIGITS && Integer.bitCount(radix) != 1;
    return valid && !tooLong ? new BigInteger(digits, radix) : null;
  }

  /** Decimal digits of other scripts as those of ASCII. */
  private static String ascii(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> out.appendCodePoint(Characters.isDecimal(c) ? '0' + Character.digit(c, 10) : c));
    return out.toString();
  }

  /** A float, or null where it is none. */
  public static @Nullable Double floating(String text) {
    String digits = ascii(Text.strip(text));
    Matcher word = WORD.matcher(digits);
    if (word.matches()) {
      double magnitude = word.group(2) == null ? Double.NaN : Double.POSITIVE_INFINITY;
      return word.group(1).equals("-") ? -magnitude : magnitude;
    }
    boolean hasDigit = digits.matches("[+-]?\\.?\\d.*");
    return hasDigit && FLOAT.matcher(digits).matches()
        ? Double.valueOf(digits.replace("_", ""))
        : null;
  }
}
