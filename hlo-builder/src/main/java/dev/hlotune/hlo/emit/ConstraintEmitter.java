package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prints where tensors inside a program lie (Shardy, {@code sdy.sharding_constraint}). What has no
 * placement is printed without: it is its operand under another name.
 *
 * <p>A weight that is stored otherwise than it is used gets both placements, one after the other.
 * The compiler carries the first on to what the weight was made of, a slice of a stack or a
 * conversion, so that no more than the weight itself is gathered, and in the type it is used in.
 */
final class ConstraintEmitter {
  private final Writer writer;
  private final Scope scope;

  ConstraintEmitter(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  /** The value where it shall lie; empty where that is left open. */
  Optional<Value> emit(Op.Constrain node) {
    Partitioning partitioning = scope.partitioning();
    Tensor operand = node.operand();
    if (!partitioning.constrains(node.role())) {
      return Optional.empty();
    }
    Value x = scope.natural(operand);
    if (node.role() != Role.WEIGHT) {
      return Optional.of(placed(x, partitioning.placement(node.role(), x)));
    }
    String stored = partitioning.placement(Role.WEIGHT, x);
    String used = partitioning.placement(Role.ACTIVATION, x);
    if (stored.equals(used)) {
      return Optional.of(placed(x, used));
    }
    return Optional.of(placed(placed(late(x, node.after()), stored), used));
  }

  /** The value behind a barrier, so that it is not taken for the same one before. */
  private Value late(Value x, List<Tensor> after) {
    if (after.isEmpty()) {
      return x;
    }
    List<Value> values = new ArrayList<>(List.of(x));
    after.forEach(tensor -> values.add(scope.natural(tensor)));
    return writer.barrier(values).getFirst();
  }

  private Value placed(Value x, String placement) {
    return writer.define(
        x.dtype(),
        x.order(),
        "sdy.sharding_constraint " + x.name() + " " + placement + " : " + x.type());
  }
}
