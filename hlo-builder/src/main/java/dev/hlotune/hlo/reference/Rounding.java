package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.DType;

/** Doubles to the nearest value that an element type has. */
final class Rounding {
  private Rounding() {}

  /** Floats to nearest, ties to even; integers, given whole, wrap around; booleans to 0 or 1. */
  static double round(DType dtype, double value) {
    return switch (dtype) {
      case F64 -> value;
      case F32 -> (float) value;
      case BF16 -> toFloat(value, 8, -126, 127);
      case F16 -> toFloat(value, 11, -14, 15);
      case I64, I32, U32, I8, U8 -> wrap(dtype, (long) value);
      case BOOL -> value != 0 ? 1 : 0;
    };
  }

  /** The lowest bits of an integer, read as {@code dtype} reads them. */
  static double wrap(DType dtype, long value) {
    return switch (dtype) {
      case I64 -> value;
      case I32 -> (int) value;
      case U32 -> value & 0xFFFF_FFFFL;
      case I8 -> (byte) value;
      case U8 -> value & 0xFF;
      case BOOL -> value != 0 ? 1 : 0;
      case F64, F32, BF16, F16 ->
          throw new IllegalArgumentException("wrap: expected an integer type, got " + dtype);
    };
  }

  /** Truncates towards zero and saturates; NaN gives 0. */
  static double truncate(DType dtype, double value) {
    double whole = Double.isNaN(value) ? 0 : value < 0 ? Math.ceil(value) : Math.floor(value);
    double clamped = Math.clamp(whole, lowest(dtype), highest(dtype));
    return clamped == 0 ? 0 : clamped;
  }

  /** The least value of an integer type or of a boolean. */
  static double lowest(DType dtype) {
    return dtype.isUnsigned() || dtype == DType.BOOL ? 0 : -Math.scalb(1.0, dtype.bits() - 1);
  }

  /** The greatest value of an integer type or of a boolean. */
  static double highest(DType dtype) {
    boolean positive = dtype.isUnsigned() || dtype == DType.BOOL;
    return Math.scalb(1.0, positive ? dtype.bits() : dtype.bits() - 1) - 1;
  }

  /** A float of {@code digits} binary digits, the hidden one included. */
  private static double toFloat(double value, int digits, int minExponent, int maxExponent) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(value), minExponent);
    double unit = Math.scalb(1.0, exponent - (digits - 1));
    double rounded = Math.rint(value / unit) * unit;
    return Math.getExponent(rounded) > maxExponent
        ? Math.copySign(Double.POSITIVE_INFINITY, rounded)
        : rounded;
  }
}
