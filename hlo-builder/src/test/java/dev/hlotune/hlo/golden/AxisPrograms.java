package dev.hlotune.hlo.golden;

import static dev.hlotune.hlo.golden.Given.I;
import static dev.hlotune.hlo.golden.Given.J;
import static dev.hlotune.hlo.golden.Given.K;
import static dev.hlotune.hlo.golden.Given.L;
import static dev.hlotune.hlo.golden.Given.floats;
import static dev.hlotune.hlo.golden.Given.integers;
import static dev.hlotune.hlo.golden.Given.parameter;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/** What changes axes, sums along them, or multiplies over them. */
final class AxisPrograms {
  private AxisPrograms() {}

  static List<Program> all() {
    return List.of(
        inputs(),
        donation(),
        broadcast(),
        rename(),
        split(),
        merge(),
        reduce(),
        dot(),
        interleavedDot(),
        sort());
  }

  /** An input given back as it came, in another order of axes, and one that nobody uses. */
  private static Program inputs() {
    Tensor x = floats("x", I, J, K);
    return new Program(
        "parameter",
        List.of(Program.Input.kept(x), Program.Input.kept(floats("unused"))),
        List.of(
            Program.Output.of("same", x),
            new Program.Output("ordered", x, x.shape().withAxes(List.of(K, I, J)))));
  }

  private static Program donation() {
    Tensor x = floats("x", I, J);
    Tensor y = floats("y", J);
    return new Program(
        "donation",
        List.of(new Program.Input(x, 1), Program.Input.kept(y)),
        List.of(
            Program.Output.of("sum", x.total()),
            new Program.Output("next", x.plus(y.like(x)), x.shape())));
  }

  private static Program broadcast() {
    Tensor x = floats("x", J);
    Tensor y = floats("y", I, K);
    return Programs.of(
        "broadcast",
        floats("s").broadcast(List.of(I, J)),
        x.broadcast(List.of(I, J, K)),
        y.broadcast(List.of(K, J, I)),
        y.plus(x.sum("j").like(y)),
        Tensors.stack("n", List.of(x, x.times(2))));
  }

  private static Program rename() {
    Tensor x = floats("x", I, J);
    return Programs.of("rename", x.rename("j", "k"), x.rename("i", "k").dot(x, "j"));
  }

  private static Program split() {
    Tensor x = floats("x", I, L, K);
    return Programs.of(
        "split",
        x.split("l", new Axis("a", 2), new Axis("b", 3)),
        x.split("k", new Axis("a", 2), new Axis("b", 1), new Axis("c", 2)).sum("a"));
  }

  /** Axes that lie side by side, and axes that do not. */
  private static Program merge() {
    Tensor x = floats("x", I, J, K);
    return Programs.of(
        "merge",
        x.merge(List.of("i", "j"), "m"),
        x.merge(List.of("j", "k"), "m"),
        x.merge(List.of("i", "k"), "m"),
        x.merge(List.of("k", "j", "i"), "m"));
  }

  private static Program reduce() {
    Tensor x = floats("x", I, J, K);
    List<Tensor> outputs = new ArrayList<>();
    for (ReduceKind kind : ReduceKind.values()) {
      outputs.add(x.reduce(kind, "j"));
      outputs.add(x.reduce(kind, "k", "i"));
      outputs.add(x.reduce(kind, "i", "j", "k"));
    }
    for (DType dtype : List.of(DType.I32, DType.U32, DType.I8, DType.BF16)) {
      Tensor other = parameter("x" + dtype.mlir(), dtype, I, J);
      for (ReduceKind kind : ReduceKind.values()) {
        outputs.add(other.reduce(kind, "j"));
      }
    }
    outputs.add(x.mean("k"));
    return Programs.of("reduce", outputs);
  }

  /** Products whose operands can be taken as they lie. */
  private static Program dot() {
    Tensor x = floats("x", I, J);
    Tensor w = floats("w", J, K);
    Tensor v = floats("v", K, J);
    Tensor batched = floats("batched", I, J, K);
    Tensor other = floats("other", I, L, K);
    return Programs.of(
        "dot",
        x.dot(w, "j"),
        x.dot(v, "j"),
        w.dot(v, "j", "k"),
        floats("a", I).dot(floats("b", J)),
        batched.dot(x, "j"),
        batched.dot(other, "k"),
        batched.dot(floats("gain", J, K), "j", "k"),
        batched.dot(floats("matrix", L, J, K), "j", "k"),
        parameter("bx", DType.BF16, I, J)
            .dot(parameter("bw", DType.BF16, J, K), DType.F32, List.of("j")),
        integers("n", I, J).dot(integers("m", J), "j"));
  }

  /** Products between whose axes of one kind stand others, so that something has to be moved. */
  private static Program interleavedDot() {
    Tensor x = floats("x", I, J, K);
    return Programs.of(
        "interleaved_dot",
        x.dot(floats("v", K, L, I), "i", "k"),
        x.dot(floats("w", J, L, I), "j"),
        x.dot(floats("y", K, J, I), "j"));
  }

  private static Program sort() {
    Tensor x = floats("x", I, K);
    List<Tensor> outputs = new ArrayList<>(Tensors.sort("k", x));
    outputs.addAll(
        Tensors.sort(
            "k",
            integers("n", I, K),
            floats("y", K, I),
            Tensors.iota(DType.I32, K).broadcast(List.of(I, K))));
    return Programs.of("sort", outputs);
  }
}
