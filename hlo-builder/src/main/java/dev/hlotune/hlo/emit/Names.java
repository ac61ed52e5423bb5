package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Op.UnaryKind;

/** StableHLO spellings. */
final class Names {
  private Names() {}

  static String of(UnaryKind kind) {
    return switch (kind) {
      case NEGATE -> "stablehlo.negate";
      case ABS -> "stablehlo.abs";
      case SIGN -> "stablehlo.sign";
      case EXP -> "stablehlo.exponential";
      case LOG -> "stablehlo.log";
      case LOG1P -> "stablehlo.log_plus_one";
      case TANH -> "stablehlo.tanh";
      case LOGISTIC -> "stablehlo.logistic";
      case SQRT -> "stablehlo.sqrt";
      case RSQRT -> "stablehlo.rsqrt";
      case SIN -> "stablehlo.sine";
      case COS -> "stablehlo.cosine";
      // StableHLO has no error function; PJRT plugins take the CHLO dialect's.
      case ERF -> "chlo.erf";
      case FLOOR -> "stablehlo.floor";
      case NOT -> "stablehlo.not";
    };
  }

  /** Whether the operation is of the CHLO dialect. */
  static boolean isChlo(UnaryKind kind) {
    return kind == UnaryKind.ERF;
  }

  static String of(BinaryKind kind) {
    return switch (kind) {
      case ADD -> "stablehlo.add";
      case SUBTRACT -> "stablehlo.subtract";
      case MULTIPLY -> "stablehlo.multiply";
      case DIVIDE -> "stablehlo.divide";
      case MAXIMUM -> "stablehlo.maximum";
      case MINIMUM -> "stablehlo.minimum";
      case POWER -> "stablehlo.power";
      case REMAINDER -> "stablehlo.remainder";
      case AND -> "stablehlo.and";
      case OR -> "stablehlo.or";
      case XOR -> "stablehlo.xor";
      case SHIFT_LEFT -> "stablehlo.shift_left";
      case SHIFT_RIGHT_LOGICAL -> "stablehlo.shift_right_logical";
    };
  }

  static String of(ReduceKind kind) {
    return switch (kind) {
      case SUM -> "stablehlo.add";
      case MAX -> "stablehlo.maximum";
      case MIN -> "stablehlo.minimum";
    };
  }

  static String comparisonType(DType dtype) {
    if (dtype.isFloat()) {
      return "FLOAT";
    }
    return dtype.isUnsigned() || dtype == DType.BOOL ? "UNSIGNED" : "SIGNED";
  }
}
