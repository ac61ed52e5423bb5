package dev.hlotune.hlo.grad;

import static dev.hlotune.hlo.grad.Points.axis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.Tensors.Step;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the gradient promises where central differences have nothing to say. */
class GradientRulesTest {
  private static final Shape LINE = Shape.of(DType.F32, axis("i", 3));

  @Test
  void isCutByStopGradient() {
    assertArrayEquals(new double[] {1, 2, 5}, gradient(x -> x.times(x.stopGradient()), 1, 2, 5));
  }

  @Test
  void takesTheRuleOfCustomVjpForTheGradient() {
    Function<Tensor, Tensor> function =
        x ->
            Tensors.customVjp(List.of(x), List.of(x.exp()), ct -> List.of(ct.getFirst().times(7)))
                .getFirst();
    assertArrayEquals(new double[] {7, 7, 7}, gradient(function, 1, 2, 5));
  }

  @Test
  void givesUnusedResultsOfCustomVjpZeroCotangents() {
    Function<Tensor, Tensor> function =
        x ->
            Tensors.customVjp(
                    List.of(x),
                    List.of(x.exp(), x.unary(UnaryKind.SIN)),
                    ct -> List.of(ct.get(0).times(7).plus(ct.get(1))))
                .get(1);
    assertArrayEquals(new double[] {1, 1, 1}, gradient(function, 1, 2, 5));
  }

  @Test
  void sharesAmongEqualExtremes() {
    assertArrayEquals(
        new double[] {0.5, 0.5, 0}, gradient(x -> x.reduce(ReduceKind.MAX, "i"), 4, 4, 1));
    assertArrayEquals(
        new double[] {0.5, 1, 0},
        gradient(x -> Tensors.maximum(x, Tensors.fill(LINE, 2)), 2, 3, 1));
  }

  @Test
  void isFiniteWhereAPowerOfZeroIs() {
    assertArrayEquals(new double[] {0, 2, 4}, gradient(x -> x.pow(Tensors.fill(LINE, 2)), 0, 1, 2));
    assertArrayEquals(new double[] {0, 0, 0}, gradient(x -> x.pow(Tensors.fill(LINE, 0)), 0, 1, 2));
  }

  @Test
  void isZeroWithoutDependence() {
    assertArrayEquals(new double[] {0, 0, 0}, gradient(_ -> Tensors.fill(LINE, 2), 1, 2, 3));
  }

  @Test
  void reachesATensorInTheMiddle() {
    Tensor x = Tensors.parameter("x", LINE);
    Tensor middle = x.square();
    Tensor wide = x.total().like(x);
    // The last carry is x m^2 + w m + w.
    Step step =
        Tensors.scan(
            axis("n", 2),
            List.of(x),
            List.of(),
            Remat.NOTHING,
            (carry, _) -> new Step(List.of(carry.getFirst().times(middle).plus(wide)), List.of()));
    List<Tensor> gradients =
        Gradient.of(step.carry().getFirst().total(), List.of(), List.of(middle)).gradients();
    List<NdArray> values = Evaluator.evaluate(gradients, Map.of("x", NdArray.of(LINE, 1, 2, 3)));
    assertArrayEquals(new double[] {8, 22, 60}, values.get(0).values());
    assertThrows(ShapeException.class, () -> Gradient.of(wide.total(), List.of(), List.of(wide)));
  }

  @Test
  void refusesWhile() {
    assertThrows(
        ShapeException.class,
        () ->
            gradient(
                x ->
                    Tensors.whileLoop(
                            List.of(x),
                            s -> s.getFirst().total().compare(Comparison.LT, 100),
                            s -> List.of(s.getFirst().times(2)))
                        .getFirst(),
                1,
                2,
                3));
  }

  @Test
  void refusesWhatIsNoFloatingPointScalar() {
    Tensor x = Tensors.parameter("x", LINE);
    Tensor count = Tensors.parameter("n", Shape.of(DType.I32));
    assertThrows(ShapeException.class, () -> Gradient.of(x, List.of(), List.of(x)));
    assertThrows(ShapeException.class, () -> Gradient.of(count, List.of(), List.of(x)));
    assertThrows(ShapeException.class, () -> Gradient.of(x.total(), List.of(), List.of(count)));
  }

  @Test
  void givesAuxiliaryTensorsOfTheSamePass() {
    Tensor x = Tensors.parameter("x", LINE);
    Gradient.Result result = Gradient.of(x.square().total(), List.of(x.times(3)), List.of(x));
    List<NdArray> values =
        Evaluator.evaluate(
            List.of(result.value(), result.auxiliary().getFirst()),
            Map.of("x", NdArray.of(LINE, 1, 2, 3)));
    assertEquals(14, values.getFirst().scalar());
    assertArrayEquals(new double[] {3, 6, 9}, values.get(1).values());
  }

  private static double[] gradient(Function<Tensor, Tensor> function, double... at) {
    Tensor x = Tensors.parameter("x", LINE);
    List<Tensor> gradients =
        Gradient.of(function.apply(x).total(), List.of(), List.of(x)).gradients();
    return Evaluator.evaluate(gradients, Map.of("x", NdArray.of(LINE, at))).getFirst().values();
  }
}
