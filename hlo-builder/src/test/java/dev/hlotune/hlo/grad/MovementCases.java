package dev.hlotune.hlo.grad;

import static dev.hlotune.hlo.grad.Points.any;
import static dev.hlotune.hlo.grad.Points.axis;
import static dev.hlotune.hlo.grad.Points.index;
import static dev.hlotune.hlo.grad.Points.indices;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Cases for the operations that move, sum or order elements. */
final class MovementCases {
  private static final Axis I = axis("i", 2);
  private static final Axis J = axis("j", 3);
  private static final Axis K = axis("k", 4);

  private MovementCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    axes(cases);
    parts(cases);
    indexed(cases);
    dots(cases);
    for (ReduceKind kind : ReduceKind.values()) {
      cases.add(
          GradientCase.of(kind + " of one axis", any(I, J, K), x -> x.reduce(kind, "j").square()));
      cases.add(
          GradientCase.of(kind + " of all axes", any(I, J), x -> x.reduce(kind, "j", "i").exp()));
    }
    cases.add(
        new GradientCase(
            "Sort of three",
            ParamMap.zip(List.of("x", "y", "z"), List.of(any(I, K), any(K, I), any(I, K))),
            in ->
                Tensors.sort("k", in.get("x"), in.get("y"), in.get("z")).stream()
                    .map(Tensor::exp)
                    .toList()));
    cases.add(
        GradientCase.of(
            "Sort, one result used",
            any(K),
            any(K),
            (x, y) -> Tensors.sort("k", x.unary(UnaryKind.SIN), y).get(1).exp()));
    for (Role role : Role.values()) {
      cases.add(
          GradientCase.of("Constrain " + role, any(I, J), x -> x.square().constrain(role).exp()));
    }
    cases.add(
        GradientCase.of(
            "Constrain again",
            any(I, J),
            any(J, K),
            (x, y) -> x.exp().dot(y.square().constrain(Role.WEIGHT), "j").square()));
    cases.add(
        GradientCase.of(
            "Barrier", any(I), any(J), (x, y) -> Tensors.barrier(List.of(x.exp(), y)).getFirst()));
    return cases;
  }

  private static void axes(List<GradientCase> cases) {
    cases.add(GradientCase.of("Broadcast", any(J), x -> x.square().broadcast(List.of(I, J, K))));
    cases.add(GradientCase.of("Broadcast of a scalar", any(), x -> x.exp().broadcast(List.of(I))));
    cases.add(GradientCase.of("Rename", any(I, J), x -> x.square().rename("i", "a").exp()));
    cases.add(
        GradientCase.of("Split", any(I, K), x -> x.split("k", axis("a", 2), axis("b", 2)).exp()));
    cases.add(
        GradientCase.of(
            "Split keeping a name", any(K), x -> x.split("k", axis("a", 2), axis("k", 2)).exp()));
    cases.add(GradientCase.of("Merge", any(I, J, K), x -> x.merge(List.of("k", "i"), "m").exp()));
  }

  private static void parts(List<GradientCase> cases) {
    cases.add(GradientCase.of("Slice", any(I, K), x -> x.slice("k", 1, 2).exp()));
    cases.add(GradientCase.of("one position", any(I, K), x -> x.at("k", 3).exp()));
    cases.add(GradientCase.of("Pad", any(I, J), x -> x.pad("j", 1, 2).exp()));
    cases.add(
        GradientCase.of(
            "Concat",
            any(I, J),
            any(K, I),
            (x, y) -> Tensors.concat("j", List.of(x, y.rename("k", "j"), x)).exp()));
    cases.add(
        GradientCase.of(
            "Stack", any(I), any(I), (x, y) -> Tensors.stack("s", List.of(x, y.square())).exp()));
    for (int start : new int[] {-3, 1, 9}) {
      cases.add(
          GradientCase.of(
              "DynamicSlice from " + start,
              any(I, K),
              x -> x.dynamicSlice("k", index(start), 2).exp()));
      cases.add(
          GradientCase.of(
              "DynamicUpdate from " + start,
              any(I, K),
              any(axis("k", 2), I),
              (x, y) -> x.square().dynamicUpdate("k", index(start), y.square()).exp()));
    }
  }

  private static void indexed(List<GradientCase> cases) {
    Tensor few = indices("n", 2, 0, 2, -4, 7);
    cases.add(GradientCase.of("Take", any(I, J), x -> x.take("j", few).exp()));
    cases.add(
        GradientCase.of(
            "Take by the same name", any(I, J), x -> x.take("j", indices("j", 1, 1)).exp()));
    cases.add(
        GradientCase.of(
            "Take by a table",
            any(J, K),
            x ->
                x.take("j", indices("n", 2, 0, 1, 1).split("n", axis("a", 2), axis("b", 2)))
                    .exp()));
    // The axis is longer than the greatest index of this type.
    Tensor narrow = Tensors.literal(Shape.of(DType.U8, axis("n", 3)), List.of(250.0, 3.0, 250.0));
    cases.add(
        GradientCase.of(
            "Take by narrow integers",
            any(axis("v", 2)),
            x -> Tensors.concat("v", Collections.nCopies(150, x)).take("v", narrow).exp()));
    Tensor own =
        Tensors.literal(
            Shape.of(DType.I32, I, axis("n", 3)), List.of(0.0, 2.0, 2.0, 1.0, -5.0, 9.0));
    cases.add(GradientCase.of("Take with a batch", any(I, J, K), x -> x.take("j", own).exp()));
    cases.add(
        GradientCase.of(
            "ScatterAdd with a batch",
            any(I, J, K),
            any(K, axis("n", 3), I),
            (x, y) -> x.exp().scatterAdd("j", own, y.square()).square()));
    cases.add(
        GradientCase.of(
            "ScatterAdd",
            any(I, J),
            any(axis("n", 5), I),
            (x, y) -> x.exp().scatterAdd("j", few, y.square()).square()));
  }

  private static void dots(List<GradientCase> cases) {
    Axis b = axis("b", 2);
    cases.add(GradientCase.of("Dot", any(I, J), any(J, K), (x, y) -> x.dot(y, "j").square()));
    cases.add(
        GradientCase.of(
            "Dot, last axis of both", any(I, J), any(K, J), (x, y) -> x.dot(y, "j").square()));
    cases.add(
        GradientCase.of(
            "Dot to a scalar", any(I, J), any(J, I), (x, y) -> x.dot(y, "i", "j").square()));
    cases.add(GradientCase.of("Dot, outer product", any(I), any(J), (x, y) -> x.dot(y).square()));
    cases.add(
        GradientCase.of(
            "Dot with a batch", any(b, I, J), any(J, b, K), (x, y) -> x.dot(y, "j").square()));
    cases.add(
        GradientCase.of("Dot, batch alone", any(b, I), any(I, b), (x, y) -> x.dot(y).square()));
    cases.add(
        GradientCase.of(
            "Dot with two batches",
            any(b, I, J),
            any(I, J, b, K),
            (x, y) -> x.dot(y, "j").square()));
    cases.add(
        GradientCase.of(
            "Dot over two axes",
            any(b, I, J),
            any(J, I, K),
            (x, y) -> x.dot(y, "i", "j").square()));
    cases.add(GradientCase.of("Dot with a scalar", any(), any(I, J), (x, y) -> x.dot(y).square()));
    cases.add(
        GradientCase.of(
            "Dot with itself", any(I, J), x -> x.dot(x.rename("i", "k"), "j").square()));
    cases.add(
        GradientCase.of(
            "Dot into a wider type",
            any(I, J),
            any(J, K),
            (x, y) ->
                x.convert(DType.BF16)
                    .dot(y.convert(DType.BF16), DType.F32, List.of("j"))
                    .square()));
  }
}
