package dev.hlotune.hlo.reference;

import static dev.hlotune.hlo.reference.Small.INF;
import static dev.hlotune.hlo.reference.Small.NAN;
import static dev.hlotune.hlo.reference.Small.elements;
import static dev.hlotune.hlo.reference.Small.floats;
import static dev.hlotune.hlo.reference.Small.line;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One element at a time; every kind has its arm, by exhaustive switches. */
class ScalarOpsTest {
  @ParameterizedTest
  @EnumSource(UnaryKind.class)
  void unary(UnaryKind kind) {
    Tensor x = line(DType.F64, -2, -0.5, 0, 0.5, 4, NAN);
    switch (kind) {
      case NEGATE -> {
        check(x.unary(kind), 2, 0.5, -0.0, -0.5, -4, NAN);
        check(line(DType.I8, -128, 5).unary(kind), -128, -5);
        check(line(DType.U32, 1, 0).unary(kind), 4294967295.0, 0);
      }
      case ABS -> {
        check(x.unary(kind), 2, 0.5, 0, 0.5, 4, NAN);
        check(line(DType.I32, -2147483648.0, -3).unary(kind), -2147483648.0, 3);
      }
      case SIGN -> {
        check(x.unary(kind), -1, -1, 0, 1, 1, NAN);
        check(line(DType.I32, -7, 0, 7).unary(kind), -1, 0, 1);
      }
      case EXP ->
          check(
              x.unary(kind),
              0.1353352832366127,
              0.6065306597126334,
              1,
              1.6487212707001282,
              54.598150033144236,
              NAN);
      case LOG ->
          check(x.unary(kind), NAN, NAN, -INF, -0.6931471805599453, 1.3862943611198906, NAN);
      case LOG1P -> {
        check(
            x.unary(kind),
            NAN,
            -0.6931471805599453,
            0,
            0.4054651081081644,
            1.6094379124341003,
            NAN);
        check(line(DType.F64, 1e-18).unary(kind), 1e-18);
      }
      case TANH ->
          check(
              x.unary(kind),
              -0.9640275800758169,
              -0.46211715726000974,
              0,
              0.46211715726000974,
              0.999329299739067,
              NAN);
      case LOGISTIC ->
          check(
              x.unary(kind),
              0.11920292202211755,
              0.3775406687981454,
              0.5,
              0.6224593312018546,
              0.9820137900379085,
              NAN);
      case SQRT -> check(x.unary(kind), NAN, NAN, 0, 0.7071067811865476, 2, NAN);
      case RSQRT -> check(x.unary(kind), NAN, NAN, INF, 1.414213562373095, 0.5, NAN);
      case SIN ->
          check(
              x.unary(kind),
              -0.9092974268256817,
              -0.479425538604203,
              0,
              0.479425538604203,
              -0.7568024953079283,
              NAN);
      case COS ->
          check(
              x.unary(kind),
              -0.4161468365471424,
              0.8775825618903728,
              1,
              0.8775825618903728,
              -0.6536436208636119,
              NAN);
      case ERF -> {
        check(
            x.unary(kind),
            -0.9953222650189527,
            -0.5204998778130465,
            0,
            0.5204998778130465,
            0.9999999845827421,
            NAN);
        check(
            line(DType.F64, 1e-10, 3, 6.5, -INF).unary(kind),
            1.1283791670955126e-10,
            0.9999779095030014,
            1,
            -1);
      }
      case FLOOR -> check(x.unary(kind), -2, -1, 0, 0, 4, NAN);
      case NOT -> {
        check(line(DType.BOOL, 0, 1).unary(kind), 1, 0);
        check(line(DType.I32, 0, 5).unary(kind), -1, -6);
        check(line(DType.U8, 0, 5).unary(kind), 255, 250);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BinaryKind.class)
  void binary(BinaryKind kind) {
    Tensor x = floats(5, -7, 0, 2);
    Tensor y = floats(2, 2, 0, NAN);
    DType i32 = DType.I32;
    double least = Integer.MIN_VALUE;
    double most = Integer.MAX_VALUE;
    switch (kind) {
      case ADD -> {
        check(x.binary(kind, y), 7, -5, 0, NAN);
        check(line(i32, most, -3).binary(kind, line(i32, 1, 1)), least, -2);
        check(line(DType.U8, 250).binary(kind, line(DType.U8, 10)), 4);
      }
      case SUBTRACT -> {
        check(x.binary(kind, y), 3, -9, 0, NAN);
        check(line(DType.U32, 0).binary(kind, line(DType.U32, 1)), 4294967295.0);
      }
      case MULTIPLY -> {
        check(x.binary(kind, y), 10, -14, 0, NAN);
        // 123456789 * 987654321 = 121932631112635269, whose lowest 32 bits are -67153019.
        check(line(i32, 123456789).binary(kind, line(i32, 987654321)), -67153019);
        check(line(DType.U32, 4294967295.0).binary(kind, line(DType.U32, 4294967295.0)), 1);
      }
      case DIVIDE -> {
        check(x.binary(kind, y), 2.5, -3.5, NAN, NAN);
        check(line(i32, 7, -7, 7, least).binary(kind, line(i32, 2, 2, 0, -1)), 3, -3, -1, least);
        check(line(DType.U8, 7).binary(kind, line(DType.U8, 0)), 255);
      }
      case MAXIMUM -> {
        check(x.binary(kind, y), 5, 2, 0, NAN);
        check(line(DType.U32, 4294967295.0).binary(kind, line(DType.U32, 1)), 4294967295.0);
      }
      case MINIMUM -> check(x.binary(kind, y), 2, -7, 0, NAN);
      case POWER -> {
        check(x.binary(kind, y), 25, 49, 1, NAN);
        check(floats(-1, 1).binary(kind, floats(INF, NAN)), 1, 1);
        check(line(i32, 3, 2, -1, 2).binary(kind, line(i32, 4, 32, -3, -1)), 81, 0, -1, 0);
      }
      case REMAINDER -> {
        check(x.binary(kind, y), 1, -1, NAN, NAN);
        check(line(i32, 7, -7, 7, least).binary(kind, line(i32, 3, 3, 0, -1)), 1, -1, 7, 0);
      }
      case AND -> {
        check(line(i32, 12, -1).binary(kind, line(i32, 10, 7)), 8, 7);
        check(line(DType.BOOL, 0, 1, 1).binary(kind, line(DType.BOOL, 1, 0, 1)), 0, 0, 1);
      }
      case OR -> {
        check(line(i32, 12, -1).binary(kind, line(i32, 10, 7)), 14, -1);
        check(line(DType.BOOL, 0, 1, 0).binary(kind, line(DType.BOOL, 1, 0, 0)), 1, 1, 0);
      }
      case XOR -> {
        check(
            line(DType.U32, 12, 4294967295.0).binary(kind, line(DType.U32, 10, 1)),
            6,
            4294967294.0);
        check(line(DType.BOOL, 1, 1).binary(kind, line(DType.BOOL, 1, 0)), 0, 1);
      }
      case SHIFT_LEFT -> {
        check(line(i32, 1, 1, 1, 3).binary(kind, line(i32, 31, 32, -1, 31)), least, 0, 0, least);
        check(line(DType.U8, 255).binary(kind, line(DType.U8, 4)), 240);
      }
      case SHIFT_RIGHT_LOGICAL -> {
        check(line(i32, -1, -1, -1).binary(kind, line(i32, 28, 32, 0)), 15, 0, -1);
        check(line(DType.U32, 4294967295.0).binary(kind, line(DType.U32, 31)), 1);
        check(line(DType.I64, -1).binary(kind, line(DType.I64, 60)), 15);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Comparison.class)
  void compare(Comparison comparison) {
    Tensor result = floats(1, 2, 3, NAN).compare(comparison, floats(2, 2, 2, NAN));
    switch (comparison) {
      case EQ -> check(result, 0, 1, 0, 0);
      case NE -> check(result, 1, 0, 1, 1);
      case LT -> check(result, 1, 0, 0, 0);
      case LE -> check(result, 1, 1, 0, 0);
      case GT -> check(result, 0, 0, 1, 0);
      case GE -> check(result, 0, 1, 1, 0);
    }
  }

  private static void check(Tensor result, double... expected) {
    double[] values = elements(result);
    if (result.dtype() == DType.F64) {
      // Java's own functions are within 1 unit in the last place, the series for erf within a few.
      for (int i = 0; i < values.length; i++) {
        values[i] =
            Math.abs(values[i] - expected[i]) <= 4e-15 * Math.abs(expected[i])
                ? expected[i]
                : values[i];
      }
    }
    for (int i = 0; i < values.length; i++) {
      // Neither spelling of zero is wrong here.
      values[i] += 0.0;
      expected[i] += 0.0;
    }
    assertArrayEquals(expected, values);
  }
}
