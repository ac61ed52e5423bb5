package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The values that a function or loop body has printed so far, each in every order of dimensions
 * that was asked for.
 *
 * <p>A value keeps the order in which its operation gave it, and a transpose is printed only where
 * two operands of one operation disagree, or a result or a product needs another order. Fills,
 * iotas and broadcasts have no order of their own: they are printed when asked for, in the order
 * asked for. So are slices, so that a tensor is transposed once and not once for each of its parts.
 */
final class Scope {
  private final Writer writer;
  private final Partitioning partitioning;
  private final IdentityHashMap<Tensor, List<Value>> values = new IdentityHashMap<>();
  private final IdentityHashMap<Tensor, Tensor> aliases = new IdentityHashMap<>();

  Scope(Writer writer, Partitioning partitioning) {
    this.writer = writer;
    this.partitioning = partitioning;
  }

  /** How the program is spread over devices. */
  Partitioning partitioning() {
    return partitioning;
  }

  boolean has(Tensor tensor) {
    return values.containsKey(tensor) || aliases.containsKey(tensor);
  }

  void put(Tensor tensor, Value value) {
    List<Value> orders = new ArrayList<>();
    orders.add(value);
    values.put(tensor, orders);
  }

  /** Lets {@code tensor} be whatever {@code other} is. */
  void alias(Tensor tensor, Tensor other) {
    aliases.put(tensor, other);
  }

  /** The value in its own order, or in the order of its shape if it has none. */
  Value natural(Tensor tensor) {
    Tensor target = resolve(tensor);
    List<Value> orders = values.get(target);
    if (orders != null) {
      return orders.getFirst();
    }
    return target.op() instanceof Op.Slice slice
        ? in(target, resized(natural(slice.operand()).order(), slice.axis(), slice.size()))
        : in(target, target.shape().axes());
  }

  /** The value with its dimensions in the given order. */
  Value in(Tensor tensor, List<Axis> order) {
    Tensor target = resolve(tensor);
    List<Value> orders = values.get(target);
    if (orders == null) {
      Value value = flexible(target, order);
      put(target, value);
      return value;
    }
    for (Value value : orders) {
      if (value.order().equals(order)) {
        return value;
      }
    }
    Value value =
        isFlexible(target) || target.op() instanceof Op.Slice
            ? flexible(target, order)
            : transpose(orders.getFirst(), order);
    orders.add(value);
    return value;
  }

  /**
   * The order that operands of an elementwise operation should share: that of the first that has
   * one of its own, else of the first slice.
   */
  List<Axis> common(Shape shape, List<Tensor> operands) {
    List<Tensor> targets = operands.stream().map(this::resolve).toList();
    for (Tensor target : targets) {
      if (!isFlexible(target) && !(target.op() instanceof Op.Slice)) {
        return natural(target).order();
      }
    }
    for (Tensor target : targets) {
      if (target.op() instanceof Op.Slice) {
        return natural(target).order();
      }
    }
    return shape.axes();
  }

  private Tensor resolve(Tensor tensor) {
    Tensor target = tensor;
    for (Tensor next = aliases.get(target); next != null; next = aliases.get(target)) {
      target = next;
    }
    return target;
  }

  private static boolean isFlexible(Tensor tensor) {
    return tensor.op() instanceof Op.Fill
        || tensor.op() instanceof Op.Iota
        || tensor.op() instanceof Op.Broadcast;
  }

  private Value flexible(Tensor tensor, List<Axis> order) {
    return at(
        tensor,
        () -> {
          if (tensor.op() instanceof Op.Fill(Shape shape, double value)) {
            return constant(shape.withAxes(order), value);
          }
          if (tensor.op() instanceof Op.Iota(Shape shape, String axis)) {
            int dimension = shape.withAxes(order).indexOf(axis);
            return writer.define(
                tensor.dtype(),
                order,
                "stablehlo.iota dim = " + dimension + " : " + Value.type(tensor.dtype(), order));
          }
          if (tensor.op() instanceof Op.Broadcast(Tensor operand, Shape _)) {
            return broadcast(resolve(operand), order);
          }
          if (tensor.op() instanceof Op.Slice slice) {
            int whole = slice.operand().axis(slice.axis()).size();
            Value operand = in(slice.operand(), resized(order, slice.axis(), whole));
            return new SliceEmitter(writer, this).slice(slice, operand);
          }
          throw new IllegalStateException("no value was printed for " + tensor);
        });
  }

  private static List<Axis> resized(List<Axis> order, String axis, int size) {
    return order.stream().map(a -> a.name().equals(axis) ? a.sized(size) : a).toList();
  }

  private Value broadcast(Tensor operand, List<Axis> order) {
    if (operand.op() instanceof Op.Fill(Shape shape, double value)
        && !values.containsKey(operand)) {
      return constant(shape.withAxes(order), value);
    }
    if (operand.op() instanceof Op.Broadcast(Tensor inner, Shape _)) {
      return broadcast(resolve(inner), order);
    }
    // A flexible operand takes the order it will have in the result.
    Set<Axis> own = new HashSet<>(operand.shape().axes());
    Value value =
        isFlexible(operand)
            ? in(operand, order.stream().filter(own::contains).toList())
            : natural(operand);
    Shape target = new Shape(value.dtype(), order);
    List<Integer> dimensions =
        value.order().stream().map(axis -> target.indexOf(axis.name())).toList();
    return writer.apply(
        value.dtype(),
        order,
        "stablehlo.broadcast_in_dim",
        List.of(value),
        ", dims = " + dimensions);
  }

  Value constant(Shape shape, double value) {
    return writer.define(
        shape.dtype(),
        shape.axes(),
        "stablehlo.constant dense<"
            + Constants.element(shape.dtype(), value)
            + "> : "
            + Value.type(shape.dtype(), shape.axes()));
  }

  private Value transpose(Value value, List<Axis> order) {
    List<Integer> permutation = order.stream().map(axis -> value.position(axis.name())).toList();
    if (IntStream.range(0, permutation.size()).allMatch(i -> permutation.get(i) == i)) {
      // The same dimensions under other sizes cannot happen; under other names it is a rename.
      return value;
    }
    return writer.apply(
        value.dtype(), order, "stablehlo.transpose", List.of(value), ", dims = " + permutation);
  }

  private Value at(Tensor tensor, Supplier<Value> print) {
    var before = writer.source();
    writer.at(tensor.source());
    Value value = print.get();
    writer.at(before);
    return value;
  }
}
