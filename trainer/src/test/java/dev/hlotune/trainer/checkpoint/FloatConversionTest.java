package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloatConversionTest {
  private static final int ALL = 1 << 16;

  /** Every one of the 65,536 values of a 16-bit type goes through wider ones and back. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void everyHalfSurvivesTheWayThereAndBack(StorageType type) {
    short[] halves = new short[ALL];
    for (int i = 0; i < ALL; i++) {
      halves[i] = (short) i;
    }
    MemorySegment from = MemorySegment.ofArray(halves);
    for (StorageType wide : List.of(StorageType.F32, StorageType.F64, type)) {
      MemorySegment there = MemorySegment.ofArray(new byte[ALL * wide.byteSize()]);
      MemorySegment back = MemorySegment.ofArray(new byte[ALL * 2]);
      FloatConversion.convert(from, type, there, wide);
      FloatConversion.convert(there, wide, back, type);
      for (int i = 0; i < ALL; i++) {
        short value = back.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
        // Of NaNs only the kind survives where the processor converts.
        boolean same = value == (short) i;
        boolean bothNan = Float.isNaN(wide(type, value)) && Float.isNaN(wide(type, (short) i));
        boolean byProcessor = type == StorageType.F16 || wide == StorageType.F64;
        assertTrue(same || (bothNan && byProcessor), "bits " + Integer.toHexString(i));
      }
    }
  }

  private static float wide(StorageType type, short bits) {
    return type == StorageType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /** Against a search for the nearest of the two neighbours, in doubles. */
  @Test
  void roundsToTheNearestBfloat16AndTiesToEven() {
    SplittableRandom random = new SplittableRandom(3);
    int[] bits = random.ints(200_000).toArray();
    bits[0] = 0x3f808000; // half-way, the lower is even
    bits[1] = 0x3f818000; // half-way, the upper is even
    bits[2] = 0x7f7fffff; // the largest float
    bits[3] = 0x00000001;
    bits[4] = 0x80008000;
    bits[5] = 0x7f800001; // a NaN without a bit in the upper half's mantissa
    bits[6] = 0xff800000;
    MemorySegment to = MemorySegment.ofArray(new byte[bits.length * 2]);
    FloatConversion.convert(MemorySegment.ofArray(bits), StorageType.F32, to, StorageType.BF16);
    for (int i = 0; i < bits.length; i++) {
      float value = Float.intBitsToFloat(bits[i]);
      short got = to.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
      float rounded = Float.intBitsToFloat(got << 16);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(rounded), Integer.toHexString(bits[i]));
        continue;
      }
      float towardsZero = Float.intBitsToFloat(bits[i] & 0xffff0000);
      int away = (bits[i] & 0xffff0000) + 0x10000;
      // Beyond the largest number lies what the next step would be, were there one.
      double next =
          (away & 0x7f800000) == 0x7f800000
              ? Math.copySign(0x1p128, value)
              : Float.intBitsToFloat(away);
      double below = Math.abs((double) value - towardsZero);
      double above = Math.abs(next - value);
      boolean down =
          Float.isInfinite(value) || below < above || (below == above && (bits[i] & 0x10000) == 0);
      float expected = down ? towardsZero : Float.intBitsToFloat(away);
      assertEquals(expected, rounded, Integer.toHexString(bits[i]));
    }
  }

  @Test
  void readsFromAnyAlignmentAndRefusesWhatDoesNotFit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(1 + 3 * 4).asSlice(1);
      MemorySegment.copy(
          new float[] {1.5f, -2, 65504}, 0, odd, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 3);
      float[] back = new float[2];
      FloatConversion.toFloats(odd, StorageType.F32, 1, back);
      assertEquals(-2, back[0]);
      assertEquals(65504, back[1]);
      assertThrows(
          IllegalArgumentException.class,
          () -> FloatConversion.convert(odd, StorageType.F32, arena.allocate(7), StorageType.F16));
      assertThrows(
          IllegalArgumentException.class,
          () -> FloatConversion.convert(odd, StorageType.F32, arena.allocate(12), StorageType.I32));
    }
    assertFalse(FloatConversion.has(StorageType.F8_E4M3));
  }
}
