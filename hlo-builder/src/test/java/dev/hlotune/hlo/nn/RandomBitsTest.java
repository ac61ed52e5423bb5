package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomBitsTest {
  private static final Axis I = new Axis("i", 64);
  private static final Axis J = new Axis("j", 64);

  /** The known answers of Random123 for threefry2x32 with 20 rounds. */
  @ParameterizedTest
  @CsvSource({
    "00000000, 00000000, 00000000, 00000000, 6b200159, 99ba4efe",
    "ffffffff, ffffffff, ffffffff, ffffffff, 1cb996fc, bb002be7",
    "243f6a88, 85a308d3, 13198a2e, 03707344, c4923a9c, 483df7a0",
  })
  void agreesWithTheKnownAnswers(
      String high, String low, String key0, String key1, String first, String second) {
    RandomBits.Block block =
        RandomBits.threefry(new RandomBits.Key(word(key0), word(key1)), word(high), word(low));
    List<NdArray> values = evaluate(block.first(), block.second());
    assertEquals(number(first), values.get(0).scalar());
    assertEquals(number(second), values.get(1).scalar());
  }

  @Test
  void dependsOnThePositionAlone() {
    Tensor bits = RandomBits.bits(key(3), Shape.of(DType.U32, I, J));
    Tensor turned = RandomBits.bits(key(3), Shape.of(DType.F32, I, J)).slice("i", 5, 2);
    NdArray all = evaluate(bits).getFirst();
    NdArray some = evaluate(turned).getFirst();
    assertEquals(all.at(Map.of("i", 6, "j", 9)), some.at(Map.of("i", 1, "j", 9)));
    // Position 6 * 64 + 9 of one counter.
    Tensor counter = Tensors.scalar(DType.U32, 6 * 64 + 9);
    Tensor one = RandomBits.threefry(key(3), Tensors.scalar(DType.U32, 0), counter).first();
    assertEquals(evaluate(one).getFirst().scalar(), all.at(Map.of("i", 6, "j", 9)));
  }

  @Test
  void foldsIntoOtherStreams() {
    Shape shape = Shape.of(DType.U32, I);
    List<NdArray> values =
        evaluate(
            RandomBits.bits(key(3), shape),
            RandomBits.bits(key(4), shape),
            RandomBits.bits(key(3).fold(1), shape),
            RandomBits.bits(key(3).fold(2), shape));
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertNotEquals(values.get(i), values.get(j));
      }
    }
  }

  @Test
  void isUniform() {
    double[] values =
        evaluate(RandomBits.uniform(key(11), Shape.of(DType.F32, I, J))).getFirst().values();
    assertTrue(Arrays.stream(values).allMatch(value -> value >= 0 && value < 1));
    // 4,096 draws: the mean's standard deviation is sqrt(1/12/4096) = 0.0045.
    assertEquals(0.5, Arrays.stream(values).average().orElseThrow(), 0.018);
    for (int tenth = 0; tenth < 10; tenth++) {
      double least = tenth / 10.0;
      long count =
          Arrays.stream(values).filter(value -> value >= least && value < least + 0.1).count();
      // The count's standard deviation is sqrt(4096 * 0.09) = 19.
      assertEquals(409.6, (double) count, 77);
    }
  }

  @Test
  void isTrueWithAProbability() {
    Shape shape = Shape.of(DType.BOOL, I, J);
    for (double probability : new double[] {0, 0.1, 1}) {
      Tensor scalar = Tensors.scalar(DType.F32, probability);
      double[] values = evaluate(RandomBits.bernoulli(key(5), scalar, shape)).getFirst().values();
      double tolerance = 4 * Math.sqrt(probability * (1 - probability) / 4096);
      assertEquals(probability, Arrays.stream(values).average().orElseThrow(), tolerance);
    }
  }

  @Test
  void refusesOtherKeys() {
    Tensor wrong = Tensors.scalar(DType.I32, 0);
    assertThrows(ShapeException.class, () -> new RandomBits.Key(wrong, wrong));
  }

  private static RandomBits.Key key(int seed) {
    return new RandomBits.Key(Tensors.scalar(DType.U32, seed), Tensors.scalar(DType.U32, 0));
  }

  private static Tensor word(String hexadecimal) {
    return Tensors.scalar(DType.U32, number(hexadecimal));
  }

  private static double number(String hexadecimal) {
    return Long.parseLong(hexadecimal, 16);
  }

  private static List<NdArray> evaluate(Tensor... tensors) {
    return Evaluator.evaluate(List.of(tensors), Map.of());
  }
}
