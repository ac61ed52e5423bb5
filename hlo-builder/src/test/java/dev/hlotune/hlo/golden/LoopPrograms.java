package dev.hlotune.hlo.golden;

import static dev.hlotune.hlo.golden.Given.I;
import static dev.hlotune.hlo.golden.Given.J;
import static dev.hlotune.hlo.golden.Given.floats;
import static dev.hlotune.hlo.golden.Given.integers;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.Tensors.Step;
import dev.hlotune.hlo.grad.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Loops, blocks, and what steers the gradient or the compiler. */
final class LoopPrograms {
  private static final Axis N = new Axis("n", 4);

  private LoopPrograms() {}

  static List<Program> all() {
    List<Program> programs =
        new ArrayList<>(
            List.of(scan(), reverseScan(), whileLoop(), customVjp(), stopGradient(), barrier()));
    for (Remat remat : Remat.values()) {
      String suffix = remat.name().toLowerCase(Locale.ROOT);
      programs.add(gradient("scan_gradient_" + suffix, step(remat).carry().getFirst()));
      programs.add(gradient("checkpoint_gradient_" + suffix, checkpoint(remat)));
    }
    return programs;
  }

  /** A recurrence with a weight and a table from outside, one carry and one stack. */
  private static Step step(Remat remat) {
    Tensor w = floats("w", I, J).times(0.25);
    Tensor scale = floats("scale", J).logistic();
    return Tensors.scan(
        N,
        List.of(floats("carry", I)),
        List.of(floats("xs", I, N)),
        remat,
        (carry, slices) -> {
          Tensor hidden = carry.getFirst().dot(w, "i").times(scale).tanh();
          Tensor next = hidden.dot(w, "j").plus(slices.getFirst());
          return new Step(List.of(next), List.of(hidden));
        });
  }

  private static Program scan() {
    Step step = step(Remat.NOTHING);
    return Programs.of("scan", step.carry().getFirst(), step.stacked().getFirst());
  }

  private static Program reverseScan() {
    Op.Scan scan = (Op.Scan) step(Remat.NOTHING).carry().getFirst().op();
    return Programs.of(
        "reverse_scan",
        Tensors.node(
            new Op.Scan(N, scan.initial(), scan.sequences(), scan.body(), true, Remat.NOTHING)));
  }

  private static Program whileLoop() {
    Tensor limit = integers("limit").times(3);
    Tensor step = floats("step", I).exp();
    return Programs.of(
        "while",
        Tensors.whileLoop(
            List.of(Tensors.scalar(DType.I32, 0), floats("x", J, I)),
            state -> state.getFirst().compare(Comparison.LT, limit),
            state ->
                List.of(
                    state.getFirst().plus(1),
                    step.like(state.get(1)).plus(state.get(1).times(0.5)))));
  }

  private static Tensor checkpoint(Remat remat) {
    return Tensors.checkpoint(
            remat,
            List.of(floats("x", I), floats("w", I, J)),
            block -> {
              Tensor w = block.get(1).times(0.25);
              return List.of(block.get(0).dot(w, "i").tanh().dot(w, "j").exp());
            })
        .getFirst();
  }

  private static Program customVjp() {
    Tensor x = floats("x", I);
    Tensor y =
        Tensors.customVjp(
                List.of(x), List.of(x.exp()), cotangents -> List.of(cotangents.getFirst().times(7)))
            .getFirst();
    return gradient("custom_vjp", y);
  }

  private static Program stopGradient() {
    Tensor x = floats("x", I);
    return gradient("stop_gradient", x.times(x.exp().stopGradient()));
  }

  private static Program barrier() {
    Tensor x = floats("x", I);
    return Programs.of("barrier", Tensors.barrier(List.of(x.exp(), integers("n", J))));
  }

  /** A tensor's sum and its gradient by every parameter that it has. */
  private static Program gradient(String name, Tensor tensor) {
    Tensor sum = tensor.total();
    List<Tensor> parameters =
        Programs.of(name, sum).inputs().stream().map(Program.Input::parameter).toList();
    Gradient.Result result = Gradient.of(sum, List.of(), parameters);
    List<Tensor> outputs = new ArrayList<>(List.of(result.value()));
    outputs.addAll(result.gradients());
    return Programs.of(name, outputs);
  }
}
