package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Chooses what the forward pass of a block keeps for its backward pass: from the backward graph,
 * walk towards the block's parameters and cut where the policy keeps a value.
 */
final class Residuals {
  private Residuals() {}

  /**
   * The tensors to keep.
   *
   * @param backward results of the block's backward pass, as graph over the block's own nodes
   * @param cotangents what the backward pass starts from
   * @param parameters the block's parameters
   * @param free those of the parameters that the backward pass has anyway
   */
  static List<Tensor> choose(
      Collection<Tensor> backward,
      Collection<Tensor> cotangents,
      Collection<Tensor> parameters,
      Collection<Tensor> free,
      Remat remat) {
    List<Op> order = Graph.sorted(backward);
    Set<Op> late = Graph.dependent(order, cotangents);
    Set<Op> inside = Graph.dependent(order, parameters);
    Set<Tensor> given = Graph.tensorSet(cotangents);
    given.addAll(free);
    Set<Tensor> own = Graph.tensorSet(parameters);
    List<Tensor> kept = new ArrayList<>();
    Set<Tensor> seen = Graph.tensorSet(List.of());
    Deque<Tensor> pending = new ArrayDeque<>();
    add(pending, backward);
    while (!pending.isEmpty()) {
      Tensor tensor = pending.removeFirst();
      if (!seen.add(tensor) || given.contains(tensor)) {
        continue;
      }
      boolean isLate = late.contains(tensor.op());
      boolean isForward = !isLate && inside.contains(tensor.op());
      if (own.contains(tensor) || (isForward && keeps(remat, tensor.op()))) {
        kept.add(tensor);
      } else if (isLate || isForward) {
        add(pending, Graph.operands(tensor.op()));
      }
    }
    return kept;
  }

  /** What is to be looked at; a placement is looked through, as if it were not there. */
  private static void add(Deque<Tensor> pending, Collection<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      if (tensor.op() instanceof Op.Constrain) {
        add(pending, Graph.operands(tensor.op()));
      } else {
        pending.add(tensor);
      }
    }
  }

  private static boolean keeps(Remat remat, Op op) {
    return switch (remat) {
      case EVERYTHING -> false;
      case DOTS -> isExpensive(op);
      case NOTHING -> !isView(op);
    };
  }

  private static boolean isExpensive(Op op) {
    return op instanceof Op.Dot
        || op instanceof Op.Scan
        || op instanceof Op.While
        || op instanceof Op.Sort
        || op instanceof Op.CustomVjp;
  }

  /** Nodes that only look at their operand another way, or compute a mask. */
  private static boolean isView(Op op) {
    return op instanceof Op.Broadcast
        || op instanceof Op.Rename
        || op instanceof Op.Split
        || op instanceof Op.Merge
        || op instanceof Op.Convert
        || op instanceof Op.Compare
        || op instanceof Op.Slice
        || op instanceof Op.StopGradient
        || isPick(op);
  }

  /** A sum over axes of one position, as {@link Tensor#at} ends in. */
  private static boolean isPick(Op op) {
    return op instanceof Op.Reduce(_, Tensor operand, List<String> axes)
        && axes.stream().allMatch(axis -> operand.axis(axis).size() == 1);
  }
}
