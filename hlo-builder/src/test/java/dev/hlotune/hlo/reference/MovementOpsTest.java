package dev.hlotune.hlo.reference;

import static dev.hlotune.hlo.reference.Small.NAN;
import static dev.hlotune.hlo.reference.Small.array;
import static dev.hlotune.hlo.reference.Small.axis;
import static dev.hlotune.hlo.reference.Small.elements;
import static dev.hlotune.hlo.reference.Small.floats;
import static dev.hlotune.hlo.reference.Small.line;
import static dev.hlotune.hlo.reference.Small.rows;
import static dev.hlotune.hlo.reference.Small.scalar;
import static dev.hlotune.hlo.reference.Small.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Operations that move, sum or order elements. */
class MovementOpsTest {
  private final Tensor matrix = rows(1, 2, 3, 4, 5, 6);

  @Test
  void makesElements() {
    check(Tensors.fill(Shape.of(DType.I8, axis("i", 2)), -3), -3, -3);
    check(tensor(DType.F32, List.of(axis("i", 2)), 0.5, 7), 0.5, 7);
    check(Tensors.iota(DType.I32, axis("i", 3)), 0, 1, 2);
    Shape table = Shape.of(DType.I32, axis("i", 2), axis("j", 2));
    check(Tensors.node(new Op.Iota(table, "i")).getFirst(), 0, 0, 1, 1);
    check(Tensors.node(new Op.Iota(table, "j")).getFirst(), 0, 1, 0, 1);
  }

  @Test
  void takesParametersInAnyOrderOfAxes() {
    Tensor parameter = Tensors.parameter("x", matrix.shape());
    NdArray turned = NdArray.of(Shape.of(DType.F32, axis("j", 3), axis("i", 2)), 1, 4, 2, 5, 3, 6);
    NdArray value = Evaluator.evaluate(List.of(parameter), Map.of("x", turned)).getFirst();
    assertEquals(NdArray.of(matrix.shape(), 1, 2, 3, 4, 5, 6), value);
    assertEquals(6, value.at(Map.of("j", 2, "i", 1)));
    assertThrows(ShapeException.class, () -> Evaluator.evaluate(List.of(parameter), Map.of()));
    assertThrows(
        ShapeException.class,
        () ->
            Evaluator.evaluate(
                List.of(parameter), Map.of("x", NdArray.of(Shape.of(DType.F32), 1))));
  }

  @Test
  void matchesOperandsByName() {
    Tensor turned = tensor(DType.F32, List.of(axis("j", 3), axis("i", 2)), 1, 4, 2, 5, 3, 6);
    check(matrix.minus(turned), 0, 0, 0, 0, 0, 0);
    check(matrix.compare(Op.Comparison.EQ, turned), 1, 1, 1, 1, 1, 1);
    Tensor condition = tensor(DType.BOOL, turned.shape().axes(), 1, 0, 0, 0, 1, 0);
    check(condition.select(matrix, turned.negate()), 1, -2, 3, -4, -5, -6);
  }

  @Test
  void converts() {
    check(floats(-2.9, 2.9, NAN, 3e9).convert(DType.I32), -2, 2, 0, 2147483647);
    check(line(DType.I32, 300, -1).convert(DType.U8), 44, 255);
    check(line(DType.I32, 300, -1).convert(DType.I8), 44, -1);
    check(floats(0, 0.25, NAN).convert(DType.BOOL), 0, 1, 1);
    check(line(DType.BOOL, 0, 1).convert(DType.F32), 0, 1);
    check(line(DType.I32, 16777217).convert(DType.F32), 16777216);
    check(floats(1.00390625, 1.01171875).convert(DType.BF16), 1, 1.015625);
  }

  @Test
  void readsBitsAsAnotherType() {
    check(floats(1, -0.0).bitcast(DType.U32), 0x3f800000L, 0x80000000L);
    check(line(DType.I32, 0x40490fdb).bitcast(DType.F32), (float) Math.PI);
    check(line(DType.BF16, -2).bitcast(DType.F16), -2.0);
    check(line(DType.U8, 200).bitcast(DType.I8), -56);
  }

  @Test
  void broadcastsAndRenames() {
    check(floats(1, 2).broadcast(List.of(axis("i", 2), axis("j", 2))), 1, 1, 2, 2);
    check(floats(1, 2).broadcast(List.of(axis("j", 2), axis("i", 2))), 1, 2, 1, 2);
    NdArray renamed = array(floats(1, 2).rename("i", "k"));
    assertEquals(NdArray.of(Shape.of(DType.F32, axis("k", 2)), 1, 2), renamed);
  }

  @Test
  void splitsAndMerges() {
    Tensor split = floats(0, 1, 2, 3, 4, 5).split("i", axis("a", 2), axis("b", 3));
    assertEquals(5, array(split).at(Map.of("a", 1, "b", 2)));
    check(matrix.merge(List.of("i", "j"), "k"), 1, 2, 3, 4, 5, 6);
    check(matrix.merge(List.of("j", "i"), "k"), 1, 4, 2, 5, 3, 6);
    check(split.merge(List.of("a", "b"), "i"), 0, 1, 2, 3, 4, 5);
    Tensor three = split.broadcast(List.of(axis("a", 2), axis("c", 2), axis("b", 3)));
    check(three.merge(List.of("a", "b"), "i").slice("i", 2, 2), 2, 2, 3, 3);
  }

  @Test
  void slicesPadsAndConcatenates() {
    check(matrix.slice("j", 1, 2), 2, 3, 5, 6);
    check(matrix.slice("i", 1, 1), 4, 5, 6);
    check(floats(1, 2).pad("i", 1, 2), 0, 1, 2, 0, 0);
    check(rows(1, 2).pad("j", 0, 1), 1, 0, 2, 0);
    check(Tensors.concat("j", List.of(rows(1, 2), rows(3, 4, 5, 6))), 1, 3, 4, 2, 5, 6);
  }

  @Test
  void clampsDynamicStarts() {
    Tensor line = floats(1, 2, 3, 4);
    check(line.dynamicSlice("i", scalar(DType.I32, 1), 2), 2, 3);
    check(line.dynamicSlice("i", scalar(DType.I32, 9), 2), 3, 4);
    check(line.dynamicSlice("i", scalar(DType.I32, -9), 2), 1, 2);
    check(line.dynamicUpdate("i", scalar(DType.I32, 1), floats(8, 9)), 1, 8, 9, 4);
    check(line.dynamicUpdate("i", scalar(DType.I32, 9), floats(8, 9)), 1, 2, 8, 9);
  }

  @Test
  void takesAndScatters() {
    Tensor indices = tensor(DType.I32, List.of(axis("k", 4)), 2, 0, 7, -1);
    check(matrix.take("j", indices), 3, 1, 3, 1, 6, 4, 6, 4);
    // The indices may have an axis of the name that is taken.
    check(floats(5, 6, 7).take("i", line(DType.I32, 2, 2, 0, 1)), 7, 7, 5, 6);
    Tensor updates =
        tensor(DType.F32, List.of(axis("k", 4), axis("i", 2)), 1, 2, 10, 20, 5, 5, 5, 5);
    check(matrix.scatterAdd("j", indices, updates), 11, 2, 4, 24, 5, 8);
    Tensor twice = tensor(DType.I32, List.of(axis("k", 3)), 1, 1, 1);
    check(
        line(DType.I32, 0, 0)
            .scatterAdd("i", twice, tensor(DType.I32, List.of(axis("k", 3)), 1, 2, 3)),
        0,
        6);
  }

  @Test
  void reduces() {
    for (ReduceKind kind : ReduceKind.values()) {
      switch (kind) {
        case SUM -> {
          check(matrix.reduce(kind, "j"), 6, 15);
          check(matrix.reduce(kind, "i"), 5, 7, 9);
          check(matrix.reduce(kind, "j", "i"), 21);
          check(line(DType.I8, 100, 100).reduce(kind, "i"), -56);
          check(line(DType.BOOL, 1, 1).reduce(kind, "i"), 1);
        }
        case MAX -> {
          check(matrix.negate().reduce(kind, "j"), -1, -4);
          check(floats(1, NAN).reduce(kind, "i"), NAN);
          check(line(DType.I32, -5, -3).reduce(kind, "i"), -3);
        }
        case MIN -> {
          check(matrix.reduce(kind, "i"), 1, 2, 3);
          check(line(DType.U32, 4294967295.0, 4294967294.0).reduce(kind, "i"), 4294967294.0);
        }
      }
    }
  }

  @Test
  void multipliesMatrices() {
    Tensor right = tensor(DType.F32, List.of(axis("k", 2), axis("j", 3)), 1, 0, 2, 0, 1, 3);
    check(matrix.dot(right, "j"), 7, 11, 16, 23);
    // A shared axis that is not contracted is a batch axis.
    Tensor batched = tensor(DType.F32, List.of(axis("i", 2), axis("j", 3)), 1, 1, 1, 2, 2, 2);
    check(matrix.dot(batched, "j"), 6, 30);
    check(floats(1, 2).dot(floats(3, 4).rename("i", "j")), 3, 4, 6, 8);
    check(line(DType.I8, 100, 100).dot(line(DType.I8, 100, 100), DType.I32, List.of("i")), 20000);
    check(line(DType.BF16, 256, 1).dot(line(DType.BF16, 1, 1), DType.F32, List.of("i")), 257);
    check(line(DType.BF16, 256, 1).dot(line(DType.BF16, 1, 1), "i"), 256);
  }

  @Test
  void sortsTogetherAndStably() {
    List<Tensor> sorted = Tensors.sort("i", floats(3, 1, 2, 1), line(DType.I32, 0, 1, 2, 3));
    check(sorted.get(0), 1, 1, 2, 3);
    check(sorted.get(1), 1, 3, 2, 0);
    check(Tensors.sort("j", rows(3, 1, 2, 6, 4, 5)).getFirst(), 1, 2, 3, 4, 5, 6);
    Tensor turned = tensor(DType.F32, List.of(axis("j", 3), axis("i", 2)), 1, 4, 2, 5, 3, 6);
    check(Tensors.sort("j", rows(3, 1, 2, 6, 4, 5), turned).get(1), 2, 5, 3, 6, 1, 4);
  }

  @Test
  void passesValuesThrough() {
    check(floats(1, 2).stopGradient(), 1, 2);
    check(Tensors.barrier(List.of(floats(1), floats(2))).get(1), 2);
    check(Tensors.customVjp(List.of(floats(1)), List.of(floats(4), floats(5)), ct -> ct).get(1), 5);
  }

  private static void check(Tensor result, double... expected) {
    assertArrayEquals(expected, elements(result));
  }
}
