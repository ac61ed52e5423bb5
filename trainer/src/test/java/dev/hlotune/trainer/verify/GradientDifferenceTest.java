package dev.hlotune.trainer.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.verify.GradientDifference.Sums;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The measure of a difference, by hand. */
class GradientDifferenceTest {
  private static Sums sums(double[] expected, double[] got) {
    double square = 0;
    double squareOfDifference = 0;
    double greatest = 0;
    double greatestDifference = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = got[i] - expected[i];
      square += expected[i] * expected[i];
      squareOfDifference += difference * difference;
      greatest = Math.max(greatest, Math.abs(expected[i]));
      greatestDifference = Math.max(greatestDifference, Math.abs(difference));
    }
    return new Sums(expected.length, square, squareOfDifference, greatest, greatestDifference);
  }

  @Test
  void theGreaterOfTwoNormsCountsAtTheWorstParameter() {
    Sums small = sums(new double[] {3, 4}, new double[] {3, 4.001});
    Sums large = sums(new double[] {3, 4}, new double[] {3.1, 4});
    GradientDifference found =
        GradientDifference.of(List.of("small", "large"), List.of(small, large));
    assertEquals("large", found.parameter());
    assertEquals(0.1 / 4, found.relative(), 1e-12);
    // Many small differences are greater in the Euclidean norm.
    double[] peak = {1, 0, 0, 0};
    Sums spread = sums(peak, new double[] {1.1, 0.1, 0.1, 0.1});
    assertEquals(0.2, GradientDifference.of(List.of("spread"), List.of(spread)).relative(), 1e-12);
  }

  /** What is 0 but for rounding is measured by a tenth of the middle parameter's size. */
  @Test
  void roundingIsNotComparedWithRounding() {
    Sums usual = sums(new double[] {1, -1}, new double[] {1, -1});
    Sums rounding = sums(new double[] {1e-9, -2e-9}, new double[] {-3e-9, 1e-9});
    List<String> names = List.of("a", "key.bias", "c");
    GradientDifference found = GradientDifference.of(names, List.of(usual, rounding, usual));
    assertEquals("key.bias", found.parameter());
    assertEquals(4e-9 / 0.1, found.relative(), 1e-12);
    // A gradient that ought to be 0 and is not is found all the same.
    Sums wrong = sums(new double[] {0, 0}, new double[] {0.01, 0});
    assertEquals(0.1, GradientDifference.of(names, List.of(usual, wrong, usual)).relative(), 1e-12);
  }

  @Test
  void noGradientAtAllIsComparedAsItIs() {
    Sums none = sums(new double[2], new double[2]);
    assertEquals(0, GradientDifference.of(List.of("a"), List.of(none)).relative());
    Sums some = sums(new double[2], new double[] {0.3, 0.4});
    assertEquals(0.5, GradientDifference.of(List.of("a"), List.of(some)).relative(), 1e-12);
  }

  @Test
  void whatIsNoNumberNeverAgrees() {
    Sums good = sums(new double[] {1}, new double[] {1});
    Sums bad = sums(new double[] {1}, new double[] {Double.NaN});
    for (List<Sums> order : List.of(List.of(good, bad), List.of(bad, good))) {
      GradientDifference found = GradientDifference.of(List.of("a", "b"), order);
      assertTrue(Double.isNaN(found.relative()));
      assertEquals(order.getFirst().equals(bad) ? "a" : "b", found.parameter());
      assertFalse(report(1, found).agrees());
      assertTrue(Double.isNaN(report(1, found).worstGradient().relative()));
    }
    GradientDifference none = new GradientDifference(0, "a");
    assertTrue(report(1, none).agrees());
    assertFalse(report(Double.NaN, none).agrees());
    assertFalse(report(1.001, none).agrees());
  }

  private static PackingReport report(double packed, GradientDifference gradient) {
    PackingReport.ExampleResult one =
        new PackingReport.ExampleResult(
            0,
            new Origin(Path.of("x"), 1),
            5,
            3,
            new Bucket(1, 8),
            1,
            1,
            new PackingReport.Losses(packed, 1),
            gradient);
    PackingReport.ExampleResult fine =
        new PackingReport.ExampleResult(
            1,
            one.origin(),
            5,
            3,
            one.bucket(),
            1,
            1,
            new PackingReport.Losses(2, 2),
            new GradientDifference(1e-7, "z"));
    return new PackingReport(List.of(fine, one), List.of(), Tolerance.of(DType.F32));
  }
}
