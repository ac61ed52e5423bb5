package dev.hlotune.hlo;

import dev.hlotune.hlo.Op.BinaryKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Operations that start a graph or take several tensors. */
public final class Tensors {
  private Tensors() {}

  /** What a loop body gives back: the next carry, and a slice of each stacked result. */
  public record Step(List<Tensor> carry, List<Tensor> stacked) {
    public Step {
      carry = List.copyOf(carry);
      stacked = List.copyOf(stacked);
    }
  }

  /** The body of {@link #scan}. */
  @FunctionalInterface
  public interface Body {
    Step apply(List<Tensor> carry, List<Tensor> slices);
  }

  /** An input of the program; its axes lie in memory as {@code shape} orders them. */
  public static Tensor parameter(String name, Shape shape) {
    return Tensor.of(new Op.Parameter(name, shape));
  }

  public static Tensor fill(Shape shape, double value) {
    return Tensor.of(new Op.Fill(shape, value));
  }

  public static Tensor scalar(DType dtype, double value) {
    return fill(Shape.of(dtype), value);
  }

  public static Tensor zerosLike(Tensor tensor) {
    return fill(tensor.shape(), 0);
  }

  public static Tensor literal(Shape shape, List<Double> values) {
    return Tensor.of(new Op.Literal(shape, values));
  }

  /** 0, 1, 2, … along {@code axis}, its only one. */
  public static Tensor iota(DType dtype, Axis axis) {
    return Tensor.of(new Op.Iota(Shape.of(dtype, axis), axis.name()));
  }

  public static Tensor concat(String axis, List<Tensor> tensors) {
    return tensors.size() == 1
        ? tensors.getFirst()
        : Tensor.of(new Op.Concat(List.copyOf(tensors), axis));
  }

  /** Tensors of one shape put one behind the other along a new axis, which comes first. */
  public static Tensor stack(String axis, List<Tensor> tensors) {
    return concat(
        axis, tensors.stream().map(t -> t.broadcast(withFirst(new Axis(axis, 1), t))).toList());
  }

  private static List<Axis> withFirst(Axis axis, Tensor tensor) {
    return tensor.shape().prepend(axis).axes();
  }

  public static Tensor maximum(Tensor left, Tensor right) {
    return left.binary(BinaryKind.MAXIMUM, right);
  }

  public static Tensor minimum(Tensor left, Tensor right) {
    return left.binary(BinaryKind.MINIMUM, right);
  }

  /** All tensors in the order that sorts the first, ascending; equal keys keep their order. */
  public static List<Tensor> sort(String axis, Tensor... tensors) {
    return Tensor.allOf(new Op.Sort(Arrays.asList(tensors), axis));
  }

  /**
   * Loops over an axis with a gradient; see {@link Op.Scan}.
   *
   * @param sequences tensors that have {@code axis}; the body sees one slice, without it
   * @return the last carry, and the stacked results with {@code axis} in front
   */
  public static Step scan(
      Axis axis, List<Tensor> initial, List<Tensor> sequences, Remat remat, Body body) {
    List<Shape> shapes = new ArrayList<>();
    initial.forEach(tensor -> shapes.add(tensor.shape()));
    sequences.forEach(tensor -> shapes.add(tensor.shape().without(List.of(axis.name()))));
    int carried = initial.size();
    Region region =
        Region.trace(
            shapes,
            parameters -> {
              Step step =
                  body.apply(
                      parameters.subList(0, carried),
                      parameters.subList(carried, parameters.size()));
              List<Tensor> results = new ArrayList<>(step.carry());
              results.addAll(step.stacked());
              return results;
            });
    List<Tensor> results =
        Tensor.allOf(new Op.Scan(axis, initial, sequences, region, false, remat));
    return new Step(results.subList(0, carried), results.subList(carried, results.size()));
  }

  /**
   * Repeats {@code body} while {@code condition}, a boolean scalar, holds; see {@link Op.While}.
   */
  public static List<Tensor> whileLoop(
      List<Tensor> initial,
      Function<List<Tensor>, Tensor> condition,
      Function<List<Tensor>, List<Tensor>> body) {
    List<Shape> shapes = initial.stream().map(Tensor::shape).toList();
    return Tensor.allOf(
        new Op.While(
            initial,
            Region.trace(shapes, state -> List.of(condition.apply(state))),
            Region.trace(shapes, body)));
  }

  /** {@code body(inputs)}, kept or computed again in the backward pass as {@code remat} says. */
  public static List<Tensor> checkpoint(
      Remat remat, List<Tensor> inputs, Function<List<Tensor>, List<Tensor>> body) {
    List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
    return Tensor.allOf(new Op.Checkpoint(inputs, Region.trace(shapes, body), remat));
  }

  /** {@code outputs}, computed from {@code inputs}, with their gradient given by {@code rule}. */
  public static List<Tensor> customVjp(List<Tensor> inputs, List<Tensor> outputs, VjpRule rule) {
    return Tensor.allOf(new Op.CustomVjp(inputs, outputs, rule));
  }

  /** The tensors, computed as written: nothing is merged or moved across this point. */
  public static List<Tensor> barrier(List<Tensor> tensors) {
    return tensors.isEmpty() ? tensors : Tensor.allOf(new Op.Barrier(tensors));
  }

  /**
   * A weight as it is used, put together once another tensor is there, and so not all weights at
   * once; within a loop that goes over the other, in each round. Where each round has a weight of
   * its own anyway, and for vectors, which take no memory to speak of, nothing waits.
   */
  public static Tensor ready(Tensor weight, Tensor after) {
    return weight.shape().rank() < 2 || isSlice(weight)
        ? weight.constrain(Role.WEIGHT)
        : weight.constrain(Role.WEIGHT, List.of(after));
  }

  /**
   * A weight put together anew for its use once another tensor is there, so that it need not be
   * kept from its use before; any other tensor as it is. So is a weight in a block whose backward
   * pass computes it again anyway.
   */
  public static Tensor again(Tensor tensor, Tensor after) {
    return tensor.op() instanceof Op.Constrain(Tensor weight, Role role, List<Tensor> before)
            && role == Role.WEIGHT
            && before.stream().noneMatch(other -> other.op() instanceof Op.Argument)
        ? ready(weight, after)
        : tensor;
  }

  /** Whether a weight is what a loop has in its present round. */
  private static boolean isSlice(Tensor weight) {
    Op op = weight.op();
    while (!(op instanceof Op.Argument)) {
      List<Tensor> operands = Graph.operands(op);
      if (operands.isEmpty()) {
        return false;
      }
      op = operands.getFirst().op();
    }
    return true;
  }

  /** A node given as a record, for passes that build or rebuild graphs. */
  public static List<Tensor> node(Op op) {
    return Tensor.allOf(op);
  }
}
