package dev.hlotune.hlo.grad;

import static dev.hlotune.hlo.grad.Points.any;
import static dev.hlotune.hlo.grad.Points.axis;
import static dev.hlotune.hlo.grad.Points.line;
import static dev.hlotune.hlo.grad.Points.positive;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/** A case for every kind of elementwise operation; a new kind does not compile without one. */
final class ElementwiseCases {
  private static final Axis I = axis("i", 5);

  private ElementwiseCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    for (UnaryKind kind : UnaryKind.values()) {
      cases.add(unary(kind));
    }
    for (BinaryKind kind : BinaryKind.values()) {
      cases.add(binary(kind));
    }
    for (Comparison comparison : Comparison.values()) {
      cases.add(compare(comparison));
    }
    cases.add(
        GradientCase.of(
            "POWER of a negative base",
            line(-1.5, -0.3, 0.4),
            x -> x.pow(Tensors.fill(x.shape(), 3))));
    cases.add(
        GradientCase.of(
            "ADD, axes in another order",
            any(axis("i", 2), axis("j", 3)),
            any(axis("j", 3), axis("i", 2)),
            (x, y) -> x.plus(y).times(y)));
    cases.add(
        GradientCase.of(
            "used twice", any(I), x -> x.times(x.exp()).plus(x.dividedBy(x.square().plus(1)))));
    cases.add(
        GradientCase.of(
            "powers by Iota", positive(I), x -> x.pow(Tensors.iota(DType.F32, I).plus(1))));
    cases.add(
        GradientCase.of(
            "Convert there and back",
            any(I),
            x -> x.convert(DType.BF16).square().convert(DType.F64).exp().convert(DType.F32)));
    cases.add(
        GradientCase.of(
            "Convert to integers and back", any(I), x -> x.convert(DType.I32).convert(DType.F32)));
    cases.add(
        GradientCase.of(
            "Bitcast there and back",
            any(I),
            x -> x.bitcast(DType.U32).plus(0).convert(DType.BOOL).convert(DType.F32)));
    return cases;
  }

  private static GradientCase unary(UnaryKind kind) {
    return switch (kind) {
      case NEGATE, ABS, SIGN, EXP, TANH, LOGISTIC, SIN, COS, ERF, FLOOR ->
          GradientCase.of(kind.toString(), any(I), x -> x.unary(kind));
      case LOG, LOG1P, SQRT, RSQRT ->
          GradientCase.of(kind.toString(), positive(I), x -> x.unary(kind));
      case NOT ->
          GradientCase.of(
              kind.toString(), any(I), x -> viaIntegers(x).unary(kind).convert(DType.F32));
    };
  }

  private static GradientCase binary(BinaryKind kind) {
    return switch (kind) {
      case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM ->
          GradientCase.of(
              kind.toString(),
              any(I),
              line(-1.5, 1.25, 0.3, -0.2, 1.75),
              (x, y) -> x.binary(kind, y));
      case DIVIDE, POWER ->
          GradientCase.of(
              kind.toString(),
              positive(I),
              line(-1.5, 1.25, 0.3, -0.4, 1.75),
              (x, y) -> x.binary(kind, y));
      case REMAINDER ->
          GradientCase.of(
              kind.toString(),
              line(5.3, -5.3, 5.3, -5.3, 0.4),
              line(2, 2, -2, -2, 1.5),
              (x, y) -> x.binary(kind, y));
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL ->
          GradientCase.of(
              kind.toString(),
              positive(I),
              line(1.6, 2.6, 3.4, 0.6, 1.4),
              (x, y) -> viaIntegers(x).binary(kind, viaIntegers(y)).convert(DType.F32).times(x));
    };
  }

  private static GradientCase compare(Comparison comparison) {
    return GradientCase.of(
        comparison + " and Select",
        any(I),
        line(-1.5, 1.25, 0.3, -0.2, 1.75),
        (x, y) -> x.compare(comparison, y).select(x.square(), y.exp()));
  }

  /** Floats cut to integers: no gradient passes. */
  private static Tensor viaIntegers(Tensor x) {
    return x.times(4).convert(DType.I32);
  }
}
