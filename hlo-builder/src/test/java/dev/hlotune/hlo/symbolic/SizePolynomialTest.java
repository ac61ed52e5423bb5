package dev.hlotune.hlo.symbolic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.ShapeException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizePolynomialTest {
  private static final List<Symbol> SYMBOLS =
      List.of(new Symbol("batch", 1, 64), new Symbol("seq", 5, 2048));

  /** Any of second degree in each symbol. */
  private static SizePolynomial random(Random random) {
    SizePolynomial sum = SizePolynomial.constant(random.nextInt(-9, 10));
    for (int batch = 0; batch <= 2; batch++) {
      for (int seq = 0; seq <= 2; seq++) {
        SizePolynomial term = SizePolynomial.constant(random.nextInt(-3, 4));
        for (int i = 0; i < batch; i++) {
          term = term.times(SizePolynomial.of("batch"));
        }
        for (int i = 0; i < seq; i++) {
          term = term.times(SizePolynomial.of("seq"));
        }
        sum = sum.plus(term);
      }
    }
    return sum;
  }

  @Test
  void isReadAsItIsPrinted() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      SizePolynomial one = random(random);
      assertEquals(one, SizePolynomial.parse(one.toString()), one.toString());
    }
    assertEquals(
        "2*batch*seq + seq*seq - batch - 7",
        SizePolynomial.parse("seq*seq - 7 + seq*2*batch - batch").toString());
    assertEquals("0", SizePolynomial.parse("seq - seq").toString());
  }

  @Test
  void isFoundByItsValues() {
    Random random = new Random(2);
    Interpolation interpolation = new Interpolation(SYMBOLS);
    for (int i = 0; i < 200; i++) {
      SizePolynomial one = random(random);
      assertEquals(
          Optional.of(one),
          interpolation.through(place -> one.at(interpolation.points().get(place))));
    }
  }

  @Test
  void isNotFoundWhereCoefficientsAreNotWhole() {
    Interpolation interpolation = new Interpolation(SYMBOLS);
    assertEquals(
        Optional.empty(),
        interpolation.through(place -> {
          int batch = interpolation.points().get(place).get("batch");
          return batch * (batch + 1L) / 2;
        }));
  }

  @Test
  void hasAValue() {
    SizePolynomial size = SizePolynomial.parse("batch*seq + 16");
    assertEquals(37, size.at(Sizes.NONE.with("batch", 3).with("seq", 7)));
    assertEquals(Set.of("batch", "seq"), size.symbols());
    assertEquals(OptionalLong.empty(), size.constant());
    assertEquals(OptionalLong.of(4), SizePolynomial.parse("2*2").constant());
    assertEquals(OptionalLong.of(0), SizePolynomial.parse("0").constant());
    assertEquals(Optional.of("seq"), SizePolynomial.parse("seq").symbol());
    assertEquals(Optional.empty(), SizePolynomial.parse("2*seq").symbol());
    assertEquals(
        "size \"seq\": expected among [batch]",
        assertThrows(ShapeException.class, () -> size.at(Sizes.NONE.with("batch", 1)))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "batch +",
        "batch**seq",
        "Batch",
        "1.5",
        "batch/2",
        "99999999999999999999",
        "2*",
        "seq - "
      })
  void refusesOtherTexts(String text) {
    assertThrows(ShapeException.class, () -> SizePolynomial.parse(text));
  }

  @Test
  void symbolsHaveRanges() {
    assertEquals(
        "symbol \"batch\": expected a range from at least 1 to at least 4, got 1 to 3",
        assertThrows(ShapeException.class, () -> new Symbol("batch", 1, 3)).getMessage());
    assertEquals(
        "symbol \"seq\": expected a range from at least 1 to at least 66, got 64 to 65",
        assertThrows(ShapeException.class, () -> new Symbol("seq", 64, 65)).getMessage());
    assertThrows(ShapeException.class, () -> new Symbol("seq", 0, 65));
    assertThrows(ShapeException.class, () -> new Symbol("Seq", 1, 65));
    assertThrows(ShapeException.class, () -> new Symbol("arg0", 1, 65));
  }
}
