package dev.hlotune.trainer.jinja.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floats as text, digit by digit as Python and C print them. */
final class FloatText {
  private FloatText() {}

  /** What {@code repr(x)} gives: the shortest text that reads back as the same number. */
  static String repr(double value) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale();
    String sign = value < 0 ? "-" : "";
    if (point <= -4 || point > 16) {
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return sign + digits.charAt(0) + fraction + exponent(point - 1, 'e');
    }
    String plain = shortest.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  /** Java writes two digits where one is enough; then one is taken. */
  private static BigDecimal shortest(double value) {
    BigDecimal two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (two.precision() == 2) {
      BigDecimal exact = new BigDecimal(value);
      BigDecimal one = exact.round(new MathContext(1, RoundingMode.HALF_EVEN));
      if (one.doubleValue() == value) {
        return one.stripTrailingZeros();
      }
    }
    return two;
  }

  static String notFinite(double value) {
    return Double.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  }

  /** Without a sign, with so many digits after the point: {@code %f}. */
  static String fixed(double magnitude, int precision, boolean keepPoint) {
    String digits =
        new BigDecimal(magnitude).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return keepPoint && precision == 0 ? digits + "." : digits;
  }

  /** Without a sign, with one digit before the point: {@code %e}. */
  static String scientific(double magnitude, int precision, boolean keepPoint) {
    BigDecimal rounded =
        new BigDecimal(magnitude).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int power = rounded.signum() == 0 ? 0 : digits.length() - 1 - rounded.scale();
    digits = (digits + "0".repeat(precision + 1)).substring(0, precision + 1);
    if (rounded.signum() == 0) {
      digits = "0".repeat(precision + 1);
    }
    String point = precision > 0 || keepPoint ? "." : "";
    return digits.charAt(0) + point + digits.substring(1) + exponent(power, 'e');
  }

  /**
   * Without a sign, with so many digits in all: {@code %g}.
   *
   * @param keepZeros keep zeros at the end, as {@code #} asks for
   * @param addPoint whether a whole number gets {@code .0}, as {@code str} writes it
   */
  static String general(double magnitude, int precision, boolean keepZeros, boolean addPoint) {
    int digits = precision == 0 ? 1 : precision;
    String scientific = scientific(magnitude, digits - 1, keepZeros);
    int e = scientific.indexOf('e');
    int power = Integer.parseInt(scientific.substring(e + 1));
    if (power < -4 || power >= digits - (addPoint ? 1 : 0)) {
      String mantissa = scientific.substring(0, e);
      return (keepZeros ? mantissa : withoutZeros(mantissa)) + scientific.substring(e);
    }
    String fixed = fixed(magnitude, digits - 1 - power, keepZeros);
    String text = keepZeros ? fixed : withoutZeros(fixed);
    return addPoint && text.indexOf('.') < 0 ? text + ".0" : text;
  }

  private static String withoutZeros(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  private static String exponent(int power, char letter) {
    String digits = Integer.toString(Math.abs(power));
    return letter + (power < 0 ? "-" : "+") + (digits.length() < 2 ? "0" : "") + digits;
  }
}
