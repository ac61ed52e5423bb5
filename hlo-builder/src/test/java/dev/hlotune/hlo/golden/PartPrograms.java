package dev.hlotune.hlo.golden;

import static dev.hlotune.hlo.golden.Given.I;
import static dev.hlotune.hlo.golden.Given.J;
import static dev.hlotune.hlo.golden.Given.K;
import static dev.hlotune.hlo.golden.Given.floats;
import static dev.hlotune.hlo.golden.Given.integers;
import static dev.hlotune.hlo.golden.Given.parameter;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;

/** What takes parts of a tensor or puts parts together. */
final class PartPrograms {
  private PartPrograms() {}

  static List<Program> all() {
    return List.of(
        slice(),
        pad(),
        concat(),
        dynamicSlice(),
        dynamicUpdate(),
        take(),
        scatterAdd(),
        constrain());
  }

  /** Without a mesh it leaves no trace. */
  private static Program constrain() {
    Tensor x = floats("x", I, J);
    Tensor weight = x.constrain(Role.WEIGHT);
    return Programs.of(
        "constrain", weight.times(2).constrain(Role.STATE), Tensors.again(weight, x).exp());
  }

  private static Program slice() {
    Tensor x = floats("x", I, K, J);
    return Programs.of("slice", x.slice("k", 1, 2), x.slice("j", 2, 1), x.at("i", 1));
  }

  private static Program pad() {
    Tensor x = floats("x", I, J);
    return Programs.of("pad", x.pad("i", 1, 0), x.pad("j", 2, 3), integers("n", I).pad("i", 0, 1));
  }

  private static Program concat() {
    Tensor x = floats("x", I, J);
    Tensor y = floats("y", new Axis("j", 2), I);
    return Programs.of(
        "concat",
        Tensors.concat("j", List.of(x, y, Tensors.zerosLike(y))),
        Tensors.concat("i", List.of(x, x)));
  }

  private static Program dynamicSlice() {
    Tensor x = floats("x", I, K, J);
    Tensor start = integers("start");
    return Programs.of(
        "dynamic_slice",
        x.dynamicSlice("k", start, 2),
        x.dynamicSlice("i", start.plus(7), 1),
        floats("y", K).dynamicSlice("k", parameter("wide", DType.I64), 3));
  }

  private static Program dynamicUpdate() {
    Tensor x = floats("x", I, K, J);
    Tensor part = floats("part", new Axis("k", 2), J, I);
    Tensor start = integers("start");
    return Programs.of(
        "dynamic_update",
        x.dynamicUpdate("k", start, part),
        x.dynamicUpdate("k", start.plus(9), part));
  }

  /** Indices from 0 to 2 along axes of 3 and of 2, so that some are out of range. */
  private static Program take() {
    Tensor x = floats("x", I, J, K);
    Tensor two = integers("two", new Axis("a", 2), new Axis("b", 3));
    return Programs.of(
        "take",
        x.take("j", integers("one", new Axis("n", 4))),
        x.take("i", two),
        x.take("k", two.minus(1)),
        x.take("j", integers("scalar")),
        x.take("j", integers("own", K, new Axis("n", 2), I)),
        x.take("k", integers("row", J)));
  }

  private static Program scatterAdd() {
    Tensor x = floats("x", J, K);
    Axis n = new Axis("n", 5);
    Tensor one = integers("one", n);
    Tensor updates = floats("updates", n, K);
    return Programs.of(
        "scatter_add",
        x.scatterAdd("j", one, updates),
        x.scatterAdd("k", one, floats("transposed", n, J)),
        x.scatterAdd("j", one.plus(1), updates),
        floats("y", I, J, K).scatterAdd("j", integers("own", n, K), floats("each", K, n, I)));
  }
}
