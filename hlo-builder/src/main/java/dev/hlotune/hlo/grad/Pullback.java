package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Rewriter;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Source;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk from outputs back to the tensors differentiated by. Only nodes between the two are
 * visited, so a frozen weight costs nothing.
 */
final class Pullback {
  private final List<Tensor> outputs;
  private final List<Tensor> by;
  private final Set<Tensor> stops;
  private final List<Op> order;
  private final Set<Op> active;
  private final IdentityHashMap<Tensor, Tensor> cotangents = new IdentityHashMap<>();
  private final IdentityHashMap<Op, List<@Nullable Tensor>> results = new IdentityHashMap<>();
  private final Rewriter rewriter = new Rewriter();

  Pullback(List<Tensor> outputs, List<Tensor> by) {
    this.outputs = outputs;
    this.by = by;
    for (Tensor tensor : by) {
      if (!tensor.dtype().isFloat()) {
        throw new ShapeException("gradient: expected floating-point tensors, got " + tensor);
      }
      // A region repeats such a node instead of capturing it, so it would be passed by.
      if (tensor.op() instanceof Op.Broadcast || tensor.op() instanceof Op.Fill) {
        throw new ShapeException(
            "gradient: expected a parameter or a computed tensor, got "
                + tensor
                + "; differentiate by what it repeats");
      }
    }
    stops = Graph.tensorSet(by);
    order = Graph.sorted(outputs, stops::contains);
    active = Graph.dependent(order, by);
  }

  /** Whether a cotangent of {@code tensor} is wanted. */
  boolean wants(Tensor tensor) {
    return tensor.dtype().isFloat() && (stops.contains(tensor) || active.contains(tensor.op()));
  }

  /** Loops exchanged for ones that keep what the backward pass needs. */
  Rewriter rewriter() {
    return rewriter;
  }

  /** Cotangents of {@link #by}, given those of the outputs. */
  List<Tensor> pull(List<Tensor> given) {
    for (int i = 0; i < outputs.size(); i++) {
      add(outputs.get(i), given.get(i));
    }
    for (Op op : order.reversed()) {
      List<@Nullable Tensor> own = results.get(op);
      if (own == null || !active.contains(op)) {
        continue;
      }
      Tensor one = anyOf(own);
      Source.attributing(
          one.source(),
          () -> {
            VjpRules.apply(this, op, own);
            return true;
          });
    }
    List<Tensor> wanted = new ArrayList<>();
    for (Tensor tensor : by) {
      Tensor cotangent = cotangents.get(tensor);
      wanted.add(cotangent == null ? Tensors.zerosLike(tensor) : cotangent);
    }
    return wanted;
  }

  /** The cotangent of a result, or null where nothing depends on it. */
  @Nullable Tensor cotangent(@Nullable Tensor result) {
    return result == null ? null : cotangents.get(result);
  }

  /** Adds to the cotangent of an operand, if one is wanted. */
  void add(Tensor operand, Tensor cotangent) {
    if (!wants(operand)) {
      return;
    }
    Tensor sum = cotangents.get(operand);
    cotangents.put(operand, sum == null ? cotangent : sum.plus(cotangent));
    if (!stops.contains(operand)) {
      List<@Nullable Tensor> own =
          results.computeIfAbsent(operand.op(), _ -> new ArrayList<@Nullable Tensor>());
      while (own.size() <= operand.index()) {
        own.add(null);
      }
      own.set(operand.index(), operand);
    }
  }

  private static Tensor anyOf(List<@Nullable Tensor> tensors) {
    for (Tensor tensor : tensors) {
      if (tensor != null) {
        return tensor;
      }
    }
    throw new IllegalStateException("a node among the results without a result");
  }
}
