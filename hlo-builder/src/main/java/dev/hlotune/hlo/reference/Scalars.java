package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;

/**
 * One element at a time. Results are not rounded yet, except that integers have wrapped around.
 * Where the StableHLO specification leaves an integer result open (division by zero, a negative
 * exponent), it is what XLA gives.
 */
final class Scalars {
  private Scalars() {}

  static double unary(UnaryKind kind, DType dtype, double x) {
    boolean whole = !dtype.isFloat();
    return switch (kind) {
      case NEGATE -> whole ? Rounding.wrap(dtype, -(long) x) : -x;
      case ABS -> whole ? Rounding.wrap(dtype, Math.abs((long) x)) : Math.abs(x);
      case SIGN -> Math.signum(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case TANH -> Math.tanh(x);
      case LOGISTIC -> 1 / (1 + Math.exp(-x));
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case ERF -> erf(x);
      case FLOOR -> Math.floor(x);
      case NOT -> dtype == DType.BOOL ? 1 - x : Rounding.wrap(dtype, ~(long) x);
    };
  }

  static double binary(BinaryKind kind, DType dtype, double x, double y) {
    return dtype.isFloat()
        ? ofFloats(kind, x, y)
        : Rounding.wrap(dtype, ofIntegers(kind, dtype, (long) x, (long) y));
  }

  static boolean compare(Comparison comparison, double x, double y) {
    return switch (comparison) {
      case EQ -> x == y;
      case NE -> x != y;
      case LT -> x < y;
      case LE -> x <= y;
      case GT -> x > y;
      case GE -> x >= y;
    };
  }

  private static double ofFloats(BinaryKind kind, double x, double y) {
    return switch (kind) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
      case POWER -> Math.abs(x) == 1 && Double.isInfinite(y) ? 1 : x == 1 ? 1 : Math.pow(x, y);
      case REMAINDER -> x % y;
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL ->
          throw new IllegalArgumentException(kind + ": expected integers");
    };
  }

  private static long ofIntegers(BinaryKind kind, DType dtype, long x, long y) {
    return switch (kind) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> y == 0 ? -1 : x / y;
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
      case POWER -> power(x, y);
      case REMAINDER -> y == 0 ? x : x % y;
      case AND -> x & y;
      case OR -> x | y;
      case XOR -> x ^ y;
      case SHIFT_LEFT -> isShift(dtype, y) ? x << y : 0;
      case SHIFT_RIGHT_LOGICAL -> isShift(dtype, y) ? bits(dtype, x) >>> y : 0;
    };
  }

  /** Whether a shift by {@code y} leaves any bit; a negative one is a large unsigned number. */
  private static boolean isShift(DType dtype, long y) {
    return y >= 0 && y < dtype.bits();
  }

  /** An integer's bits with zeros above them. */
  private static long bits(DType dtype, long x) {
    return dtype.bits() == Long.SIZE ? x : x & ((1L << dtype.bits()) - 1);
  }

  /** Modulo 2^64, so right in the lowest bits of every width. */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /**
   * 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (1 3 … (2n+1)): every term has the sign of x, so
   * nothing cancels (Abramowitz and Stegun 7.1.6). Beyond 6 the result is 1 in double precision.
   */
  private static double erf(double x) {
    if (Double.isNaN(x) || x == 0) {
      return x;
    }
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
