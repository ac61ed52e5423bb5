package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.Tensors.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random loops and blocks over floats; what a loop carries contracts, and its error with it. */
final class RandomRegions {
  private static final int TRIPS = 3;
  private final Random random;
  private final RandomMovement movement;

  RandomRegions(Random random, RandomMovement movement) {
    this.random = random;
    this.movement = movement;
  }

  /** carry' = tanh(carry / 2 + inner(x, captured) / 2), y = carry * x; forwards or backwards. */
  List<Node> scan(Node initial, Node sequence, Node captured) {
    Axis along = movement.anyAxis(sequence.tensor());
    Axis axis = along.named(movement.freshName());
    Node carry = RandomElementwise.squashed(initial);
    Node rows = RandomElementwise.squashed(sequence);
    Node slices = rows.moved(rows.tensor().rename(along.name(), axis.name()));
    Node outer = RandomElementwise.squashed(captured);
    Remat remat = RandomElementwise.any(random, Remat.values());
    boolean nested = random.nextInt(3) == 0;
    List<Axis> axes = carry.tensor().shape().axes();
    Step step =
        Tensors.scan(
            axis,
            List.of(carry.tensor()),
            List.of(slices.tensor()),
            remat,
            (state, xs) -> {
              Tensor before = state.getFirst();
              Tensor x = fit(xs.getFirst(), axes);
              Tensor inner = x.times(fit(outer.tensor(), axes));
              if (nested) {
                inner = repeated(inner, before, remat);
              }
              Tensor next = before.times(0.5).plus(inner.times(0.5)).tanh();
              return new Step(List.of(next), List.of(before.times(x)));
            });
    List<Tensor> results = new ArrayList<>(step.carry());
    results.addAll(step.stacked());
    if (random.nextBoolean()) {
      Op.Scan forward = (Op.Scan) step.carry().getFirst().op();
      results =
          Tensors.node(
              new Op.Scan(
                  axis, forward.initial(), forward.sequences(), forward.body(), true, remat));
    }
    double error = carry.error() + 4 * (slices.error() + outer.error());
    double roundoff = 64 * Node.unit(initial.tensor().dtype());
    return List.of(
        Node.computed(results.get(0), 1, error + roundoff),
        Node.computed(results.get(1), 1, error + slices.error() + roundoff));
  }

  /** A loop within a loop: s' = (s + x) / 2, started at the outer carry, over no sequence. */
  private static Tensor repeated(Tensor x, Tensor before, Remat remat) {
    Step inner =
        Tensors.scan(
            new Axis("trips", TRIPS),
            List.of(x),
            List.of(),
            remat,
            (state, _) -> {
              Tensor s = state.getFirst();
              return new Step(List.of(s.plus(x).times(0.5).plus(before.times(0.0))), List.of());
            });
    return inner.carry().getFirst();
  }

  /** s' = tanh(s / 2 + captured / 2) while a counter is low; a constant to autodiff. */
  Node whileLoop(Node initial, Node captured) {
    Node state = RandomElementwise.squashed(initial);
    Node outer = RandomElementwise.squashed(captured);
    int trips = random.nextInt(5);
    Tensor limit = Tensors.scalar(DType.I32, trips);
    List<Tensor> results =
        Tensors.whileLoop(
            List.of(Tensors.scalar(DType.I32, 0), state.tensor()),
            s -> s.getFirst().compare(Comparison.LT, limit),
            s -> {
              Tensor half = fit(outer.tensor(), s.get(1).shape().axes()).times(0.5);
              return List.of(s.getFirst().plus(1), s.get(1).times(0.5).plus(half).tanh());
            });
    double roundoff = 64 * Node.unit(initial.tensor().dtype());
    Tensor result = results.get(1).stopGradient();
    return Node.computed(result, 1, state.error() + outer.error() + roundoff);
  }

  Node checkpoint(Node input, Node captured) {
    Node x = RandomElementwise.squashed(input);
    Node outer = RandomElementwise.squashed(captured);
    Remat remat = RandomElementwise.any(random, Remat.values());
    Tensor result =
        Tensors.checkpoint(
                remat,
                List.of(x.tensor()),
                in -> {
                  Tensor factor = fit(outer.tensor(), in.getFirst().shape().axes());
                  return List.of(in.getFirst().times(factor).tanh());
                })
            .getFirst();
    double roundoff = 8 * Node.unit(result.dtype());
    return Node.computed(result, 1, x.error() + outer.error() + roundoff);
  }

  /** A function with a gradient of its own, a constant to autodiff, or a barrier. */
  Node wrapped(Node input) {
    Tensor x = input.tensor();
    return switch (random.nextInt(3)) {
      case 0 -> input.moved(x.stopGradient());
      case 1 -> input.moved(Tensors.barrier(List.of(x, x)).get(1));
      default ->
          input.moved(
              Tensors.customVjp(
                      List.of(x),
                      List.of(x.negate().negate()),
                      ct -> List.of(ct.getFirst().times(0.5)))
                  .getFirst());
    };
  }

  private static Tensor fit(Tensor tensor, List<Axis> axes) {
    return RandomMovement.fit(Node.exact(tensor, 1), axes).tensor();
  }
}
