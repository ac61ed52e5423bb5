package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;

/** Signs, digits and padding: what {@code %} and {@code format} share. */
final class NumberFormat {
  /** The most digits that a format may ask for. */
  private static final int MOST_DIGITS = 1 << 16;

  private NumberFormat() {}

  static int precision(int precision) {
    if (precision > MOST_DIGITS) {
      throw new DataException(
          "format: expected a precision of at most " + MOST_DIGITS + ", got " + precision);
    }
    return precision;
  }

  /** The digits of a float without its sign, by one of {@code e E f F g G}. */
  static String digits(double magnitude, char type, int precision, boolean alternate) {
    boolean upper = Character.isUpperCase(type);
    String text =
        !Double.isFinite(magnitude)
            ? FloatText.notFinite(magnitude)
            : switch (Character.toLowerCase(type)) {
              case 'e' -> FloatText.scientific(magnitude, precision(precision), alternate);
              case 'f' -> FloatText.fixed(magnitude, precision(precision), alternate);
              default -> FloatText.general(magnitude, precision(precision), alternate, false);
            };
    return upper ? TextCase.upper(text) : text;
  }

  /** The digits of an integer without its sign, by one of {@code b d o x X}. */
  static String digits(BigInteger magnitude, char type) {
    return switch (type) {
      case 'b' -> magnitude.toString(2);
      case 'o' -> magnitude.toString(8);
      case 'x' -> magnitude.toString(16);
      case 'X' -> TextCase.upper(magnitude.toString(16));
      default -> Repr.of(magnitude);
    };
  }

  static String prefix(char type) {
    return switch (type) {
      case 'b' -> "0b";
      case 'o' -> "0o";
      case 'x' -> "0x";
      case 'X' -> "0X";
      default -> "";
    };
  }

  static String sign(boolean negative, char sign) {
    return negative ? "-" : sign == '+' || sign == ' ' ? String.valueOf(sign) : "";
  }

  /** Whether the sign bit is set; a NaN has no sign. */
  static boolean isNegative(double value) {
    return value < 0 || (value == 0 && 1 / value < 0);
  }

  /** With a separator between groups of digits, and zeros to fill the width. */
  static String grouped(String digits, char separator, int group, int width) {
    if (separator == 0) {
      return Sequences.repeat("0", width - digits.length()) + digits;
    }
    StringBuilder out = new StringBuilder();
    int left = digits.length();
    for (int count = 0; left > 0 || out.length() < width; count++) {
      if (count > 0 && count % group == 0) {
        out.append(separator);
      }
      out.append(left > 0 ? digits.charAt(--left) : '0');
      Limits.length(out.length());
    }
    return out.reverse().toString();
  }
}
