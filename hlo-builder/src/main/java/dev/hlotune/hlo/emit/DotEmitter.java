package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Prints a contraction so that XLA needs no copy around it: batch axes lead, and the free and the
 * contracted axes of each side are merged into one dimension each. The order of the two does not
 * matter, a product reads either; only where axes of different groups are interleaved is an operand
 * transposed.
 */
final class DotEmitter {
  private final Writer writer;
  private final Scope scope;

  DotEmitter(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  Value emit(Op.Dot dot) {
    Tensor left = dot.left();
    Tensor right = dot.right();
    Predicate<Axis> contracted = axis -> dot.contracted().contains(axis.name());
    Predicate<Axis> batch =
        axis ->
            left.shape().has(axis.name())
                && right.shape().has(axis.name())
                && !contracted.test(axis);
    Groups one = Groups.of(scope.natural(left).order(), batch, contracted);
    Groups other = Groups.of(scope.natural(right).order(), one);
    Value a = flatten(scope.in(left, one.order()), one);
    Value b = flatten(scope.in(right, other.order()), other);
    List<Axis> flat = new ArrayList<>();
    List<Axis> order = new ArrayList<>(one.batch());
    order.addAll(one.free());
    order.addAll(other.free());
    merged("batch", one.batch(), flat);
    merged("left", one.free(), flat);
    merged("right", other.free(), flat);
    String batching = one.batch().isEmpty() ? "" : ", batching_dims = [0] x [0]";
    String contracting =
        ", contracting_dims = " + one.contractedDimension() + " x " + other.contractedDimension();
    Value product =
        writer.apply(
            dot.dtype(), flat, "stablehlo.dot_general", List.of(a, b), batching + contracting);
    return Reshapes.to(writer, product, order);
  }

  private Value flatten(Value value, Groups groups) {
    List<Axis> flat = new ArrayList<>();
    merged("batch", groups.batch(), flat);
    if (groups.contractedFirst()) {
      merged("contracted", groups.contracted(), flat);
      merged("free", groups.free(), flat);
    } else {
      merged("free", groups.free(), flat);
      merged("contracted", groups.contracted(), flat);
    }
    return Reshapes.to(writer, value, flat);
  }

  private static void merged(String name, List<Axis> group, List<Axis> into) {
    if (!group.isEmpty()) {
      into.add(new Axis(name, group.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact)));
    }
  }

  /** One operand's axes by what the product does with them, in the order they will lie in. */
  private record Groups(
      List<Axis> batch, List<Axis> free, List<Axis> contracted, boolean contractedFirst) {

    static Groups of(List<Axis> order, Predicate<Axis> batch, Predicate<Axis> contracted) {
      List<Axis> shared = order.stream().filter(batch).toList();
      List<Axis> summed = order.stream().filter(contracted).toList();
      List<Axis> free =
          order.stream().filter(axis -> !batch.test(axis) && !contracted.test(axis)).toList();
      return new Groups(shared, free, summed, leads(order, shared, summed));
    }

    /** The right operand's, with batch and contracted axes in the order that the left has them. */
    static Groups of(List<Axis> order, Groups left) {
      List<Axis> free =
          order.stream()
              .filter(axis -> !left.batch.contains(axis) && !left.contracted.contains(axis))
              .toList();
      return new Groups(
          left.batch, free, left.contracted, leads(order, left.batch, left.contracted));
    }

    private static boolean leads(List<Axis> order, List<Axis> batch, List<Axis> contracted) {
      for (Axis axis : order) {
        if (!batch.contains(axis)) {
          return contracted.contains(axis);
        }
      }
      return true;
    }

    List<Axis> order() {
      List<Axis> order = new ArrayList<>(batch);
      order.addAll(contractedFirst ? contracted : free);
      order.addAll(contractedFirst ? free : contracted);
      return order;
    }

    List<Integer> contractedDimension() {
      if (contracted.isEmpty()) {
        return List.of();
      }
      int first = batch.isEmpty() ? 0 : 1;
      return List.of(contractedFirst || free.isEmpty() ? first : first + 1);
    }
  }
}
