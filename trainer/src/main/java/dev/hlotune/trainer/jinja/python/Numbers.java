package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Kinds of numbers. In Python a bool is an int. */
public final class Numbers {
  private Numbers() {}

  /** Whether it is an int, a float or a bool. */
  public static boolean isNumber(@Nullable Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  /** Whether it is a float. */
  public static boolean isFloat(@Nullable Object value) {
    return value instanceof Double || value instanceof Float;
  }

  /** Whether it is an int, bools included. */
  public static boolean isIntegral(@Nullable Object value) {
    return isNumber(value) && !isFloat(value);
  }

  /** Whether it is an int that a long holds, bools included. */
  static boolean isSmall(@Nullable Object value) {
    return isIntegral(value) && !(value instanceof BigInteger);
  }

  static boolean isNan(@Nullable Object value) {
    return isFloat(value) && Double.isNaN(approximate(value));
  }

  /** An int that a long holds, as a long. */
  static long small(@Nullable Object value) {
    return switch (value) {
      case Boolean bool -> bool ? 1 : 0;
      case Number number -> number.longValue();
      case null, default -> throw Types.unexpected("number", "an integer", value);
    };
  }

  /** An int. */
  public static BigInteger big(@Nullable Object value) {
    return value instanceof BigInteger big ? big : BigInteger.valueOf(small(value));
  }

  /** The int as a long where it fits, as all ints are that are computed. */
  public static Number canonical(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  /** The nearest double, infinite where there is none. */
  static double approximate(@Nullable Object value) {
    return switch (value) {
      case Boolean bool -> bool ? 1 : 0;
      case Number number -> number.doubleValue();
      case null, default -> throw Types.unexpected("number", "a number", value);
    };
  }

  /** What {@code float(x)} gives for a number. */
  public static double toFloat(@Nullable Object value) {
    double converted = approximate(value);
    if (Double.isInfinite(converted) && !isFloat(value)) {
      throw new DataException("float: expected an integer below 1.8e308, got a larger one");
    }
    return converted;
  }

  static boolean equal(@Nullable Object a, @Nullable Object b) {
    return !isNan(a) && !isNan(b) && compare(a, b) == 0;
  }

  /** By size, exactly; neither may be NaN. */
  static int compare(@Nullable Object a, @Nullable Object b) {
    if (isSmall(a) && isSmall(b)) {
      return Long.compare(small(a), small(b));
    }
    double x = approximate(a);
    double y = approximate(b);
    boolean infinite = (isFloat(a) && Double.isInfinite(x)) || (isFloat(b) && Double.isInfinite(y));
    if (infinite || (isFloat(a) && isFloat(b))) {
      return x < y ? -1 : x > y ? 1 : 0;
    }
    return decimal(a).compareTo(decimal(b));
  }

  private static BigDecimal decimal(@Nullable Object value) {
    return isFloat(value) ? new BigDecimal(approximate(value)) : new BigDecimal(big(value));
  }

  /** An int as an index, cut to what a long holds; an error for all else. */
  static long index(@Nullable Object value, String what) {
    if (!isIntegral(value)) {
      throw Types.unexpected(what, "an integer", value);
    }
    if (value instanceof BigInteger big && big.bitLength() >= Long.SIZE) {
      return big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return small(value);
  }

  /** An int as an index, cut to what an int of Java holds; an error for all else. */
  public static int count(@Nullable Object value, String what) {
    return Math.clamp(index(value, what), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
