package dev.hlotune.hlo.reference;

import static dev.hlotune.hlo.reference.Small.axis;
import static dev.hlotune.hlo.reference.Small.elements;
import static dev.hlotune.hlo.reference.Small.floats;
import static dev.hlotune.hlo.reference.Small.scalar;
import static dev.hlotune.hlo.reference.Small.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.Tensors.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops and blocks. */
class RegionOpsTest {
  private static final Axis STEPS = axis("i", 3);

  /** carry' = 2 carry + x, y = carry * outer. */
  private static Step scan(Tensor outer, Remat remat) {
    return Tensors.scan(
        STEPS,
        List.of(scalar(DType.F32, 1)),
        List.of(floats(1, 2, 3)),
        remat,
        (carry, slices) ->
            new Step(
                List.of(carry.getFirst().times(2).plus(slices.getFirst())),
                List.of(carry.getFirst().times(outer))));
  }

  @ParameterizedTest
  @EnumSource(Remat.class)
  void scans(Remat remat) {
    // A value computed outside is looked up from inside.
    Tensor outer = scalar(DType.F32, 9).plus(1);
    Step step = scan(outer, remat);
    assertArrayEquals(new double[] {19}, elements(step.carry().getFirst()));
    assertArrayEquals(new double[] {10, 30, 80}, elements(step.stacked().getFirst()));
  }

  @Test
  void scansBackwards() {
    Op.Scan forward = (Op.Scan) scan(scalar(DType.F32, 10), Remat.NOTHING).carry().getFirst().op();
    List<Tensor> results =
        Tensors.node(
            new Op.Scan(
                STEPS,
                forward.initial(),
                forward.sequences(),
                forward.body(),
                true,
                Remat.NOTHING));
    // 1, then 2 + 3 = 5, then 10 + 2 = 12, then 24 + 1 = 25.
    assertArrayEquals(new double[] {25}, elements(results.get(0)));
    assertArrayEquals(new double[] {120, 50, 10}, elements(results.get(1)));
  }

  @Test
  void scansWithinScans() {
    Tensor table = tensor(DType.F32, List.of(axis("j", 2), STEPS), 1, 2, 3, 4, 5, 6);
    Tensor factor = scalar(DType.F32, 3).negate();
    Step step =
        Tensors.scan(
            axis("j", 2),
            List.of(scalar(DType.F32, 0)),
            List.of(table),
            Remat.NOTHING,
            (carry, rows) -> {
              Tensor scaled = rows.getFirst().times(factor.like(rows.getFirst()));
              Step inner =
                  Tensors.scan(
                      STEPS,
                      List.of(carry.getFirst()),
                      List.of(scaled),
                      Remat.NOTHING,
                      (sum, x) -> {
                        Tensor next = sum.getFirst().plus(x.getFirst()).plus(factor);
                        return new Step(List.of(next), List.of(next.times(carry.getFirst())));
                      });
              return new Step(inner.carry(), inner.stacked());
            });
    // The first row: -6, -15, -27; the second: -27 - 15 = -42, -60, -81.
    assertArrayEquals(new double[] {-81}, elements(step.carry().getFirst()));
    assertArrayEquals(
        new double[] {-0.0, -0.0, -0.0, 1134, 1620, 2187}, elements(step.stacked().getFirst()));
    assertEquals(List.of("j", "i"), step.stacked().getFirst().shape().names());
  }

  @Test
  void keepsTheOrderOfAxesOfACarry() {
    Shape shape = Shape.of(DType.F32, axis("a", 1), axis("b", 2));
    Tensor initial = Tensors.parameter("x", shape);
    Step step =
        Tensors.scan(
            STEPS,
            List.of(initial),
            List.of(floats(1, 2, 3)),
            Remat.NOTHING,
            (carry, x) -> {
              Tensor turned =
                  tensor(DType.F32, List.of(axis("b", 2), axis("a", 1)), 10, 20)
                      .plus(carry.getFirst());
              return new Step(List.of(turned.plus(x.getFirst().like(turned))), List.of());
            });
    NdArray value =
        Evaluator.evaluate(step.carry(), Map.of("x", NdArray.of(shape, 1, 2))).getFirst();
    assertEquals(37, value.at(Map.of("a", 0, "b", 0)));
    assertEquals(68, value.at(Map.of("a", 0, "b", 1)));
  }

  @Test
  void repeatsWhileTheConditionHolds() {
    Tensor limit = scalar(DType.I32, 50).plus(scalar(DType.I32, 50));
    List<Tensor> state =
        Tensors.whileLoop(
            List.of(scalar(DType.I32, 1), scalar(DType.I32, 0)),
            s -> s.getFirst().compare(Comparison.LT, limit),
            s -> List.of(s.getFirst().times(s.getFirst().plus(1)), s.get(1).plus(1)));
    // 1, 2, 6, 42, 1806.
    assertArrayEquals(new double[] {1806}, elements(state.get(0)));
    assertArrayEquals(new double[] {4}, elements(state.get(1)));
  }

  @Test
  void runsACheckpointedBlock() {
    Tensor outer = floats(3, 4).negate();
    List<Tensor> results =
        Tensors.checkpoint(
            Remat.EVERYTHING,
            List.of(floats(1, 2)),
            in -> List.of(in.getFirst().times(outer), outer, in.getFirst()));
    assertArrayEquals(new double[] {-3, -8}, elements(results.get(0)));
    assertArrayEquals(new double[] {-3, -4}, elements(results.get(1)));
    assertArrayEquals(new double[] {1, 2}, elements(results.get(2)));
  }

  @Test
  void evaluatesAProgram() {
    Tensor x = Tensors.parameter("x", Shape.of(DType.F32, axis("i", 2), axis("j", 2)));
    Shape turned = Shape.of(DType.F32, axis("j", 2), axis("i", 2));
    Program program =
        new Program(
            "p",
            List.of(Program.Input.kept(x)),
            List.of(new Program.Output("y", x.plus(1), turned)));
    NdArray result =
        Evaluator.evaluate(program, List.of(NdArray.of(x.shape(), 1, 2, 3, 4))).get("y");
    assertEquals(NdArray.of(turned, 2, 4, 3, 5), result);
  }

  @Test
  void costsNoStackInDepth() {
    Tensor deep = scalar(DType.F32, 0);
    for (int i = 0; i < 30_000; i++) {
      deep = deep.plus(1);
    }
    assertArrayEquals(new double[] {30_000}, elements(deep));
  }
}
