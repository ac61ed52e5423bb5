package dev.hlotune.hlo.reference;

import static dev.hlotune.hlo.reference.Small.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundingTest {
  @Test
  void roundsToEvenInSixteenBits() {
    // bf16 has 8 significant bits: above 1 its unit is 2^-7.
    assertEquals(1, Rounding.round(DType.BF16, 1 + 0x1p-8));
    assertEquals(1 + 0x1p-6, Rounding.round(DType.BF16, 1 + 3 * 0x1p-8));
    assertEquals(Double.POSITIVE_INFINITY, Rounding.round(DType.BF16, Float.MAX_VALUE));
    assertEquals(0x1p-133, Rounding.round(DType.BF16, 0x1.1p-133));
    assertEquals(65504, Rounding.round(DType.F16, 65519.99));
    assertEquals(Double.NEGATIVE_INFINITY, Rounding.round(DType.F16, -65520));
    assertEquals(0, Rounding.round(DType.F16, 0x1p-25));
    assertEquals(0x1p-24, Rounding.round(DType.F16, 0x1.01p-25));
    assertEquals(Double.NaN, Rounding.round(DType.F16, Double.NaN));
  }

  @Test
  void agreesWithJavaOnEveryHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double half = Float.float16ToFloat((short) bits);
      assertEquals(half, Rounding.round(DType.F16, half));
      double next = Float.float16ToFloat((short) (bits + 1));
      if (Double.isFinite(half) && Double.isFinite(next) && half * next > 0) {
        double between = half + (next - half) * 0.5;
        assertEquals(
            Float.float16ToFloat(Float.floatToFloat16((float) between)),
            Rounding.round(DType.F16, between));
      }
    }
  }

  @Test
  void wrapsIntegers() {
    assertEquals(Integer.MIN_VALUE, Rounding.wrap(DType.I32, 1L << 31));
    assertEquals(1L << 31, Rounding.wrap(DType.U32, 1L << 31));
    assertEquals(-1, Rounding.wrap(DType.I8, 255));
    assertEquals(1, Rounding.wrap(DType.BOOL, 2));
  }

  @Test
  void roundsAfterEveryOperationUnlessExact() {
    Tensor sum = scalar(DType.F32, 1e8).plus(1).minus(1e8);
    assertEquals(0, evaluate(sum, Precision.PER_DTYPE));
    assertEquals(1, evaluate(sum, Precision.EXACT));
    Tensor wrapped = scalar(DType.I32, Integer.MAX_VALUE).plus(1);
    assertEquals(Integer.MIN_VALUE, evaluate(wrapped, Precision.EXACT));
    assertEquals(1.5, evaluate(scalar(DType.F32, 1.5).convert(DType.F64), Precision.EXACT));
  }

  private static double evaluate(Tensor tensor, Precision precision) {
    return Evaluator.evaluate(List.of(tensor), Map.of(), precision).getFirst().scalar();
  }
}
