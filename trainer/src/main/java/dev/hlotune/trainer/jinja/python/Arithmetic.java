package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The operators on numbers; where an operator means something else too, {@link Sequences}. */
public final class Arithmetic {
  private static final MathContext QUOTIENT = new MathContext(80, RoundingMode.HALF_EVEN);

  private Arithmetic() {}

  /** What {@code a + b} gives. */
  public static Object add(@Nullable Object a, @Nullable Object b) {
    if (a instanceof String x && b instanceof String y) {
      return Sequences.concatenate(x, y);
    }
    if (!numbers(a, b)) {
      return Sequences.add(a, b);
    }
    if (floats(a, b)) {
      return Numbers.toFloat(a) + Numbers.toFloat(b);
    }
    if (small(a, b)) {
      long x = Numbers.small(a);
      long y = Numbers.small(b);
      long sum = x + y;
      if (((x ^ sum) & (y ^ sum)) >= 0) {
        return sum;
      }
    }
    return Numbers.canonical(Numbers.big(a).add(Numbers.big(b)));
  }

  /** What {@code a - b} gives. */
  public static Object subtract(@Nullable Object a, @Nullable Object b) {
    requireNumbers("-", a, b);
    if (floats(a, b)) {
      return Numbers.toFloat(a) - Numbers.toFloat(b);
    }
    if (small(a, b)) {
      long x = Numbers.small(a);
      long y = Numbers.small(b);
      long difference = x - y;
      if (((x ^ y) & (x ^ difference)) >= 0) {
        return difference;
      }
    }
    return Numbers.canonical(Numbers.big(a).subtract(Numbers.big(b)));
  }

  /** What {@code a * b} gives. */
  public static Object multiply(@Nullable Object a, @Nullable Object b) {
    if (!numbers(a, b)) {
      return Sequences.multiply(a, b);
    }
    if (floats(a, b)) {
      return Numbers.toFloat(a) * Numbers.toFloat(b);
    }
    BigInteger x = Numbers.big(a);
    BigInteger y = Numbers.big(b);
    Limits.bits((double) x.bitLength() + y.bitLength());
    return Numbers.canonical(x.multiply(y));
  }

  /** What {@code a / b} gives. */
  public static Object divide(@Nullable Object a, @Nullable Object b) {
    requireNumbers("/", a, b);
    requireDivisor("/", b);
    if (floats(a, b) || (exact(a) && exact(b))) {
      return Numbers.toFloat(a) / Numbers.toFloat(b);
    }
    double quotient =
        new BigDecimal(Numbers.big(a))
            .divide(new BigDecimal(Numbers.big(b)), QUOTIENT)
            .doubleValue();
    if (Double.isInfinite(quotient)) {
      throw new DataException("/: expected a quotient below 1.8e308, got a larger one");
    }
    boolean negative = Numbers.big(a).signum() < 0 != Numbers.big(b).signum() < 0;
    return quotient == 0 && negative ? -0.0 : quotient;
  }

  /** What {@code a // b} gives. */
  public static Object floorDivide(@Nullable Object a, @Nullable Object b) {
    requireNumbers("//", a, b);
    requireDivisor("//", b);
    if (floats(a, b)) {
      return floorQuotient(Numbers.toFloat(a), Numbers.toFloat(b));
    }
    BigInteger[] parts = Numbers.big(a).divideAndRemainder(Numbers.big(b));
    boolean down = parts[1].signum() != 0 && parts[1].signum() != Numbers.big(b).signum();
    return Numbers.canonical(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  /** What {@code a % b} gives. */
  public static Object modulo(@Nullable Object a, @Nullable Object b) {
    if (a instanceof String || a instanceof Markup) {
      return PercentFormat.format(a, b);
    }
    requireNumbers("%", a, b);
    requireDivisor("%", b);
    if (floats(a, b)) {
      return floorRemainder(Numbers.toFloat(a), Numbers.toFloat(b));
    }
    if (small(a, b)) {
      return Math.floorMod(Numbers.small(a), Numbers.small(b));
    }
    BigInteger divisor = Numbers.big(b);
    BigInteger remainder = Numbers.big(a).mod(divisor.abs());
    boolean negative = divisor.signum() < 0 && remainder.signum() != 0;
    return Numbers.canonical(negative ? remainder.add(divisor) : remainder);
  }

  /** What {@code a ** b} gives. */
  public static Object power(@Nullable Object a, @Nullable Object b) {
    requireNumbers("**", a, b);
    if (floats(a, b) || Numbers.big(b).signum() < 0) {
      return floatPower(Numbers.toFloat(a), Numbers.toFloat(b));
    }
    BigInteger base = Numbers.big(a);
    BigInteger exponent = Numbers.big(b);
    if (base.bitLength() > 1 || base.equals(BigInteger.TWO.negate())) {
      Limits.bits(base.bitLength() * exponent.doubleValue());
    }
    if (exponent.bitLength() >= Integer.SIZE) {
      boolean odd = exponent.testBit(0);
      return Numbers.canonical(odd ? base : base.multiply(base)); // -1, 0 or 1
    }
    return Numbers.canonical(base.pow(exponent.intValue()));
  }

  /** What {@code -a} gives. */
  public static Object negate(@Nullable Object a) {
    if (!Numbers.isNumber(a)) {
      throw Types.unexpected("unary -", "a number", a);
    }
    return Numbers.isFloat(a)
        ? (Object) (-Numbers.toFloat(a))
        : Numbers.canonical(Numbers.big(a).negate());
  }

  /** What {@code +a} gives. */
  public static Object positive(@Nullable Object a) {
    if (!Numbers.isNumber(a)) {
      throw Types.unexpected("unary +", "a number", a);
    }
    return Numbers.isFloat(a) ? (Object) Numbers.toFloat(a) : Numbers.canonical(Numbers.big(a));
  }

  private static double floorQuotient(double a, double b) {
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    if (remainder != 0 && b < 0 != remainder < 0) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double floorRemainder(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return b < 0 != remainder < 0 ? remainder + b : remainder;
  }

  private static double floatPower(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new DataException("**: expected a base other than 0 for a negative power, got 0");
    }
    boolean finite = !Double.isInfinite(base) && !Double.isInfinite(exponent);
    if (base < 0 && finite && exponent != Math.rint(exponent)) {
      throw new DataException("**: complex numbers are not covered");
    }
    if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    double power = Math.pow(base, exponent);
    if (Double.isInfinite(power) && finite) {
      throw new DataException("**: expected a power below 1.8e308, got a larger one");
    }
    return power;
  }

  private static boolean numbers(@Nullable Object a, @Nullable Object b) {
    return Numbers.isNumber(a) && Numbers.isNumber(b);
  }

  private static boolean floats(@Nullable Object a, @Nullable Object b) {
    return Numbers.isFloat(a) || Numbers.isFloat(b);
  }

  private static boolean small(@Nullable Object a, @Nullable Object b) {
    return Numbers.isSmall(a) && Numbers.isSmall(b);
  }

  /** Whether a double holds the integer exactly. */
  private static boolean exact(@Nullable Object value) {
    return Numbers.isSmall(value) && Math.abs(Numbers.small(value)) <= 1L << 53;
  }

  private static void requireDivisor(String operator, @Nullable Object divisor) {
    if (!Truth.of(divisor)) {
      throw new DataException(operator + ": expected a divisor other than 0, got 0");
    }
  }

  private static void requireNumbers(String operator, @Nullable Object a, @Nullable Object b) {
    if (!numbers(a, b)) {
      throw Sequences.unexpected(operator, "two numbers", a, b);
    }
  }
}
