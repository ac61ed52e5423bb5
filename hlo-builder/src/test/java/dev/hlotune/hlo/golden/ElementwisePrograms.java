package dev.hlotune.hlo.golden;

import static dev.hlotune.hlo.golden.Given.I;
import static dev.hlotune.hlo.golden.Given.J;
import static dev.hlotune.hlo.golden.Given.booleans;
import static dev.hlotune.hlo.golden.Given.floats;
import static dev.hlotune.hlo.golden.Given.integers;
import static dev.hlotune.hlo.golden.Given.parameter;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Constants, and what is computed element by element. */
final class ElementwisePrograms {
  private ElementwisePrograms() {}

  static List<Program> all() {
    return List.of(
        fill(), literal(), iota(), unary(), binary(), compare(), select(), convert(), bitcast());
  }

  private static Program fill() {
    List<Tensor> outputs = new ArrayList<>();
    for (DType dtype : DType.values()) {
      outputs.add(Tensors.fill(Shape.of(dtype, I), 1));
      if (dtype.isFloat()) {
        outputs.add(Tensors.fill(Shape.of(dtype, I), -2.5));
        outputs.add(Tensors.scalar(dtype, Double.POSITIVE_INFINITY));
        outputs.add(Tensors.scalar(dtype, Double.NEGATIVE_INFINITY));
        outputs.add(Tensors.scalar(dtype, Double.NaN));
      }
    }
    outputs.add(Tensors.scalar(DType.I64, 1L << 53));
    outputs.add(Tensors.scalar(DType.I32, Integer.MIN_VALUE));
    outputs.add(Tensors.scalar(DType.U32, 4294967295.0));
    outputs.add(Tensors.scalar(DType.F32, 1e-30));
    return Programs.of("fill", outputs);
  }

  private static Program literal() {
    return Programs.of(
        "literal",
        Tensors.literal(Shape.of(DType.F32, I, J), List.of(1.0, 2.0, -3.5, 4e10, 0.1, -0.0)),
        Tensors.literal(Shape.of(DType.I32, J), List.of(1.0, -2.0, 3.0)),
        Tensors.literal(Shape.of(DType.BOOL, I), List.of(0.0, 1.0)),
        Tensors.literal(Shape.of(DType.BF16), List.of(0.5)));
  }

  private static Program iota() {
    return Programs.of(
        "iota",
        Tensors.iota(DType.I32, J),
        Tensors.iota(DType.F32, J).broadcast(List.of(I, J)),
        Tensors.iota(DType.I64, J).like(parameter("x", DType.I64, J, I)));
  }

  private static Program unary() {
    Tensor x = floats("x", I, J);
    List<Tensor> outputs = new ArrayList<>();
    for (UnaryKind kind : EnumSet.complementOf(EnumSet.of(UnaryKind.NOT))) {
      outputs.add(x.unary(kind));
    }
    for (DType dtype : List.of(DType.F64, DType.F16, DType.BF16)) {
      Tensor other = parameter("x" + dtype.mlir(), dtype, I);
      for (UnaryKind kind : List.of(UnaryKind.EXP, UnaryKind.ERF, UnaryKind.RSQRT)) {
        outputs.add(other.unary(kind));
      }
    }
    Tensor n = integers("n", I);
    outputs.add(n.negate());
    outputs.add(n.minus(2).unary(UnaryKind.ABS));
    outputs.add(n.minus(1).unary(UnaryKind.SIGN));
    outputs.add(n.unary(UnaryKind.NOT));
    outputs.add(booleans("b", I).unary(UnaryKind.NOT));
    return Programs.of("unary", outputs);
  }

  private static Program binary() {
    EnumSet<BinaryKind> bitwise =
        EnumSet.of(
            BinaryKind.AND,
            BinaryKind.OR,
            BinaryKind.XOR,
            BinaryKind.SHIFT_LEFT,
            BinaryKind.SHIFT_RIGHT_LOGICAL);
    Tensor x = floats("x", I, J);
    Tensor y = floats("y", J, I);
    List<Tensor> outputs = new ArrayList<>();
    for (BinaryKind kind : EnumSet.complementOf(bitwise)) {
      outputs.add(x.binary(kind, y));
    }
    for (DType dtype : List.of(DType.I32, DType.U32, DType.I64)) {
      Tensor n = parameter("n" + dtype.mlir(), dtype, I);
      Tensor m = parameter("m" + dtype.mlir(), dtype, I);
      for (BinaryKind kind : BinaryKind.values()) {
        outputs.add(n.binary(kind, m));
      }
    }
    Tensor a = booleans("a", I);
    Tensor b = booleans("b", I);
    for (BinaryKind kind : List.of(BinaryKind.AND, BinaryKind.OR, BinaryKind.XOR)) {
      outputs.add(a.binary(kind, b));
    }
    outputs.add(x.plus(0.25));
    return Programs.of("binary", outputs);
  }

  private static Program compare() {
    List<Tensor> outputs = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.I32, DType.U32, DType.U8, DType.BOOL)) {
      Tensor x = parameter("x" + dtype.mlir(), dtype, I, J);
      Tensor y = parameter("y" + dtype.mlir(), dtype, J, I);
      for (Comparison comparison : Comparison.values()) {
        outputs.add(x.compare(comparison, y));
      }
    }
    outputs.add(floats("z", I).compare(Comparison.NE, Double.NaN));
    return Programs.of("compare", outputs);
  }

  private static Program select() {
    Tensor x = floats("x", I, J);
    Tensor y = floats("y", J, I);
    return Programs.of(
        "select",
        booleans("c", J, I).select(x, y),
        booleans("d", J).like(x).select(x, Tensors.zerosLike(x)));
  }

  private static Program convert() {
    List<Tensor> outputs = new ArrayList<>();
    for (DType from : DType.values()) {
      Tensor x = parameter("x" + from.mlir(), from, I);
      for (DType to : DType.values()) {
        if (from != to) {
          outputs.add(x.convert(to));
        }
      }
    }
    return Programs.of("convert", outputs);
  }

  private static Program bitcast() {
    return Programs.of(
        "bitcast",
        floats("x", I).bitcast(DType.I32),
        floats("x2", I).bitcast(DType.U32),
        parameter("n", DType.U32, I).bitcast(DType.F32),
        parameter("m", DType.U8, I).bitcast(DType.I8));
  }
}
