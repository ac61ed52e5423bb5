package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.ShapeException;

/** Attribute text of constants (StableHLO specification, "Constants"). */
final class Constants {
  private Constants() {}

  /** One element as it stands within {@code dense<…>}. */
  static String element(DType dtype, double value) {
    return switch (dtype) {
      case F32, F64, F16, BF16 -> floating(dtype, value);
      case I32, I64, I8, U32, U8 -> {
        if (value != Math.rint(value)) {
          throw new ShapeException(
              "constant of type " + dtype.mlir() + ": expected a whole number, got " + value);
        }
        yield Long.toString((long) value);
      }
      case BOOL -> value == 0 ? "false" : "true";
    };
  }

  /** The element that changes nothing under a reduction. */
  static double identity(ReduceKind kind, DType dtype) {
    return switch (kind) {
      case SUM -> 0;
      case MAX -> dtype.isFloat() ? Double.NEGATIVE_INFINITY : smallest(dtype);
      case MIN -> dtype.isFloat() ? Double.POSITIVE_INFINITY : largest(dtype);
    };
  }

  private static double smallest(DType dtype) {
    return dtype.isUnsigned() || dtype == DType.BOOL ? 0 : -Math.scalb(1.0, dtype.bits() - 1);
  }

  private static double largest(DType dtype) {
    int bits = dtype.isUnsigned() ? dtype.bits() : Math.max(1, dtype.bits() - 1);
    return Math.scalb(1.0, bits) - 1;
  }

  private static String floating(DType dtype, double value) {
    if (Double.isFinite(value)) {
      return Double.toString(value);
    }
    // MLIR spells the values that have no digits by their bits.
    boolean negative = value < 0;
    boolean nan = Double.isNaN(value);
    return switch (dtype) {
      case F64 -> nan ? "0x7FF8000000000000" : (negative ? "0xFFF" : "0x7FF") + "0000000000000";
      case F16 -> nan ? "0x7E00" : (negative ? "0xFC00" : "0x7C00");
      case BF16 -> nan ? "0x7FC0" : (negative ? "0xFF80" : "0x7F80");
      case F32, I32, I64, I8, U32, U8, BOOL ->
          nan ? "0x7FC00000" : (negative ? "0xFF800000" : "0x7F800000");
    };
  }
}
