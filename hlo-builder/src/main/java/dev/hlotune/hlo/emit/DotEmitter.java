package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

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
    List<Integer> shared = range(0, dimensions(one.batch()));
    String batching = shared.isEmpty() ? "" : ", batching_dims = " + shared + " x " + shared;
    String contracting = ", contracting_dims = " + contracted(one) + " x " + contracted(other);
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

  /**
   * Axes as one dimension; as several where devices split an axis that does not come first, since
   * each of them would have parts of the merged one that do not lie together.
   */
  private void merged(String name, List<Axis> group, List<Axis> into) {
    int first = into.size();
    for (Axis axis : group) {
      if (into.size() == first || scope.partitioning().isSplit(axis)) {
        String number = into.size() == first ? "" : "_" + (into.size() - first);
        into.add(new Axis(name + number, axis.size()));
      } else {
        Axis last = into.removeLast();
        into.add(last.sized(Math.multiplyExact(last.size(), axis.size())));
      }
    }
  }

  /** How many dimensions a group of axes is. */
  private int dimensions(List<Axis> group) {
    List<Axis> flat = new ArrayList<>();
    merged("group", group, flat);
    return flat.size();
  }

  /** Which dimensions of an operand are summed over. */
  private List<Integer> contracted(Groups groups) {
    int first =
        dimensions(groups.batch()) + (groups.contractedFirst() ? 0 : dimensions(groups.free()));
    return range(first, dimensions(groups.contracted()));
  }

  private static List<Integer> range(int first, int count) {
    return IntStream.range(first, first + count).boxed().toList();
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
  }
}
