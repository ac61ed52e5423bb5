package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers into other numbers. */
public final class Conversions {
  private Conversions() {}

  /** What {@code int(x)} gives for a float. */
  public static BigInteger truncate(double value) {
    if (!Double.isFinite(value)) {
      throw new DataException("int: expected a finite number, got " + FloatText.repr(value));
    }
    return new BigDecimal(value).toBigInteger();
  }

  /** What {@code round(x, digits)} gives: half to even, of an int an int. */
  public static Object round(@Nullable Object value, @Nullable Object digits) {
    if (!Numbers.isNumber(value)) {
      throw Types.unexpected("round", "a number", value);
    }
    if (digits == null) {
      return Numbers.isFloat(value)
          ? Numbers.canonical(nearest(value))
          : Arithmetic.positive(value);
    }
    int places = Math.clamp(Numbers.count(digits, "round"), -10_000, 10_000);
    if (!Numbers.isFloat(value)) {
      return places >= 0
          ? Arithmetic.positive(value)
          : Numbers.canonical(scaled(new BigDecimal(Numbers.big(value)), places).toBigInteger());
    }
    double number = Numbers.toFloat(value);
    if (!Double.isFinite(number) || number == 0) {
      return number;
    }
    return Math.copySign(scaled(new BigDecimal(number), places).doubleValue(), number);
  }

  private static BigInteger nearest(@Nullable Object value) {
    double number = Numbers.toFloat(value);
    truncate(number);
    return scaled(new BigDecimal(number), 0).toBigInteger();
  }

  private static BigDecimal scaled(BigDecimal value, int places) {
    return places >= value.scale() ? value : value.setScale(places, RoundingMode.HALF_EVEN);
  }

  /** What {@code math.floor(x)} or {@code math.ceil(x)} gives. */
  public static Number toWhole(@Nullable Object value, RoundingMode mode) {
    if (!Numbers.isFloat(value)) {
      return Numbers.canonical(Numbers.big(value));
    }
    double number = Numbers.toFloat(value);
    truncate(number);
    return Numbers.canonical(new BigDecimal(number).setScale(0, mode).toBigInteger());
  }
}
