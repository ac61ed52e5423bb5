package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random operations that move, sum or order elements. One name always stands for one size, so that
 * any two tensors can be combined; new sizes get new names.
 */
final class RandomMovement {
  private final Random random;
  private int names;

  RandomMovement(Random random) {
    this.random = random;
  }

  /** A name that no tensor has yet. */
  String freshName() {
    return "n" + names++;
  }

  Axis anyAxis(Tensor tensor) {
    return tensor.shape().axes().get(random.nextInt(tensor.shape().rank()));
  }

  Node move(Node node) {
    Tensor x = node.tensor();
    if (x.shape().rank() == 0) {
      return node.moved(x.broadcast(List.of(new Axis(freshName(), 3))));
    }
    Axis axis = anyAxis(x);
    String name = axis.name();
    String fresh = freshName();
    return switch (random.nextInt(9)) {
      case 0 -> node.moved(x.constrain(Role.ACTIVATION).rename(name, fresh));
      case 1 -> node.moved(slice(x, axis).rename(name, fresh));
      case 2 ->
          node.moved(x.pad(name, random.nextInt(3), 1 + random.nextInt(2)).rename(name, fresh));
      case 3 -> node.moved(Tensors.concat(name, List.of(x, slice(x, axis))).rename(name, fresh));
      case 4 -> node.moved(split(x, axis, fresh));
      case 5 -> node.moved(x.merge(shuffled(x.shape().names()), fresh));
      case 6 -> {
        int size = 1 + random.nextInt(axis.size());
        yield node.moved(x.dynamicSlice(name, start(), size).rename(name, fresh));
      }
      case 7 -> {
        int size = 1 + random.nextInt(axis.size());
        Tensor update = x.slice(name, axis.size() - size, size);
        yield node.moved(x.dynamicUpdate(name, start(), update));
      }
      default -> {
        List<Axis> axes = new ArrayList<>(x.shape().axes());
        axes.add(random.nextInt(axes.size() + 1), new Axis(fresh, 1 + random.nextInt(3)));
        Collections.shuffle(axes, random);
        yield node.moved(x.broadcast(axes));
      }
    };
  }

  /** A lookup by random indices, some of them out of range. */
  Node take(Node node) {
    Axis axis = anyAxis(node.tensor());
    return node.moved(node.tensor().take(axis.name(), indices(freshName(), axis)));
  }

  Node scatterAdd(Node node) {
    Axis axis = anyAxis(node.tensor());
    Tensor indices = indices(freshName(), axis);
    Tensor updates = node.tensor().take(axis.name(), indices);
    Tensor result = node.tensor().scatterAdd(axis.name(), indices, updates);
    int terms = 1 + (int) indices.shape().elements();
    return node.isFloat()
        ? Node.computed(result, terms * node.bound(), terms * node.error() + terms * roundoff(node))
        : node.moved(result);
  }

  Node reduce(Node node) {
    Tensor x = node.tensor();
    List<String> axes = shuffled(x.shape().names());
    String[] some = axes.subList(0, 1 + random.nextInt(axes.size())).toArray(String[]::new);
    ReduceKind kind = RandomElementwise.any(random, ReduceKind.values());
    Tensor result = x.reduce(kind, some);
    double terms = (double) x.shape().elements() / result.shape().elements();
    return kind == ReduceKind.SUM && node.isFloat()
        ? Node.computed(result, terms * node.bound(), terms * node.error() + terms * roundoff(node))
        : node.moved(result);
  }

  /** A product over some of the axes that both have; the others are batch axes. */
  Node dot(Node left, Node right) {
    List<String> shared = new ArrayList<>();
    double terms = 1;
    for (Axis axis : left.tensor().shape().axes()) {
      if (right.tensor().shape().has(axis.name()) && random.nextInt(3) > 0) {
        shared.add(axis.name());
        terms *= axis.size();
      }
    }
    Tensor result = left.tensor().dot(right.tensor(), left.tensor().dtype(), List.copyOf(shared));
    if (!left.isFloat()) {
      return left.moved(result);
    }
    double bound = terms * left.bound() * right.bound();
    double error =
        terms
            * (left.error() * right.bound()
                + right.error() * left.bound()
                + left.error() * right.error());
    return Node.computed(result, bound, error + terms * Node.unit(result.dtype()) * bound);
  }

  /** Values in the order of keys that are the same on every device. */
  List<Node> sort(Node keys, Node values) {
    String axis = anyAxis(keys.tensor()).name();
    List<Tensor> sorted = Tensors.sort(axis, keys.tensor(), values.tensor());
    return List.of(keys.moved(sorted.get(0)), values.moved(sorted.get(1)));
  }

  /** The same elements with the axes of {@code target}: summed or repeated as needed. */
  static Node fit(Node node, List<Axis> target) {
    List<String> extra = new ArrayList<>();
    for (Axis axis : node.tensor().shape().axes()) {
      if (!target.contains(axis)) {
        extra.add(axis.name());
      }
    }
    Tensor chosen = node.tensor().reduce(ReduceKind.MAX, extra.toArray(String[]::new));
    return node.moved(chosen.broadcast(target));
  }

  private Tensor slice(Tensor x, Axis axis) {
    int size = 1 + random.nextInt(axis.size());
    return x.slice(axis.name(), random.nextInt(axis.size() - size + 1), size);
  }

  private Tensor split(Tensor x, Axis axis, String fresh) {
    for (int divisor = axis.size() - 1; divisor > 1; divisor--) {
      if (axis.size() % divisor == 0) {
        Axis outer = new Axis(fresh, divisor);
        return x.split(axis.name(), outer, new Axis(freshName(), axis.size() / divisor));
      }
    }
    return x.split(axis.name(), new Axis(fresh, 1), new Axis(freshName(), axis.size()));
  }

  /** 0, 1, 2, … as floats, in the place of what a tensor holds. */
  Node positions(Node node) {
    Axis axis = anyAxis(node.tensor());
    Tensor iota = Tensors.iota(node.tensor().dtype(), axis);
    return Node.exact(iota.broadcast(node.tensor().shape().axes()), axis.size());
  }

  private Tensor start() {
    return Tensors.scalar(DType.I32, random.nextInt(9) - 3);
  }

  private Tensor indices(String name, Axis axis) {
    List<Double> values = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      values.add((double) (random.nextInt(axis.size() + 3) - 1));
    }
    return Tensors.literal(Shape.of(DType.I32, new Axis(name, count)), values);
  }

  /** What one addition among many may add. */
  private static double roundoff(Node node) {
    return Node.unit(node.tensor().dtype()) * Math.max(1, node.bound()) * 8;
  }

  private List<String> shuffled(List<String> strings) {
    List<String> copy = new ArrayList<>(strings);
    Collections.shuffle(copy, random);
    return copy;
  }
}
