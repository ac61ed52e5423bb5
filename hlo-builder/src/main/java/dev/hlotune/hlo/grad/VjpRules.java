package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule per operation: cotangents of the results to those of the operands, in the DSL. */
final class VjpRules {
  private VjpRules() {}

  /**
   * Adds what {@code op} passes back.
   *
   * @param results the results of {@code op} that have a cotangent, by position; null elsewhere
   */
  static void apply(Pullback back, Op op, List<@Nullable Tensor> results) {
    switch (op) {
      case Op.Parameter _, Op.Argument _, Op.Fill _, Op.Literal _, Op.Iota _ -> {}
      case Op.Compare _, Op.Bitcast _, Op.StopGradient _ -> {}
      case Op.Scan scan -> LoopRules.scan(back, scan, results);
      case Op.Checkpoint block -> LoopRules.checkpoint(back, block, results);
      case Op.While _ ->
          throw new ShapeException(
              "gradient of while: expected none to be needed, got one; give the loop a customVjp");
      case Op.CustomVjp custom -> {
        List<Tensor> cotangents = new ArrayList<>();
        for (int i = 0; i < custom.outputs().size(); i++) {
          cotangents.add(
              orZeros(
                  back.cotangent(i < results.size() ? results.get(i) : null),
                  custom.outputs().get(i)));
        }
        List<Tensor> inputs = custom.rule().apply(cotangents);
        for (int i = 0; i < inputs.size(); i++) {
          back.add(custom.inputs().get(i), inputs.get(i));
        }
      }
      case Op.Constrain(Tensor operand, Role role, _) ->
          back.add(operand, only(back, results).constrain(role.ofGradient()));
      case Op.Barrier(List<Tensor> operands) -> {
        for (int i = 0; i < results.size(); i++) {
          Tensor cotangent = back.cotangent(results.get(i));
          if (cotangent != null) {
            back.add(operands.get(i), cotangent);
          }
        }
      }
      case Op.Sort sort -> sort(back, sort, results);
      case Op.Unary unary ->
          ElementwiseRules.unary(back, unary, single(results), only(back, results));
      case Op.Binary binary ->
          ElementwiseRules.binary(back, binary, single(results), only(back, results));
      case Op.Select(Tensor condition, Tensor onTrue, Tensor onFalse) -> {
        Tensor dy = only(back, results);
        back.add(onTrue, condition.select(dy, Tensors.zerosLike(dy)));
        back.add(onFalse, condition.select(Tensors.zerosLike(dy), dy));
      }
      case Op.Convert(Tensor operand, DType _) ->
          back.add(operand, only(back, results).convert(operand.dtype()));
      case Op.Broadcast(Tensor operand, Shape shape) -> {
        String[] added = shape.without(operand.shape().names()).names().toArray(String[]::new);
        back.add(operand, only(back, results).sum(added));
      }
      case Op.Rename(Tensor operand, String from, String to) ->
          back.add(operand, only(back, results).rename(to, from));
      case Op.Split(Tensor operand, String axis, List<Axis> into) ->
          back.add(
              operand, only(back, results).merge(into.stream().map(Axis::name).toList(), axis));
      case Op.Merge(Tensor operand, List<String> axes, String into) ->
          back.add(
              operand,
              only(back, results)
                  .split(into, axes.stream().map(operand::axis).toArray(Axis[]::new)));
      case Op.Slice(Tensor operand, String axis, int start, int size) ->
          back.add(
              operand,
              only(back, results).pad(axis, start, operand.axis(axis).size() - start - size));
      case Op.Pad(Tensor operand, String axis, int before, int _) ->
          back.add(operand, only(back, results).slice(axis, before, operand.axis(axis).size()));
      case Op.Concat(List<Tensor> operands, String axis) -> {
        int start = 0;
        for (Tensor operand : operands) {
          int size = operand.axis(axis).size();
          if (back.wants(operand)) {
            back.add(operand, only(back, results).slice(axis, start, size));
          }
          start += size;
        }
      }
      case Op.DynamicSlice(Tensor operand, String axis, Tensor start, int _) ->
          back.add(
              operand, Tensors.zerosLike(operand).dynamicUpdate(axis, start, only(back, results)));
      case Op.DynamicUpdate(Tensor operand, String axis, Tensor start, Tensor update) -> {
        Tensor dy = only(back, results);
        back.add(operand, dy.dynamicUpdate(axis, start, Tensors.zerosLike(update)));
        back.add(update, dy.dynamicSlice(axis, start, update.axis(axis).size()));
      }
      case Op.Take(Tensor operand, String axis, Tensor indices) ->
          back.add(
              operand,
              Tensors.zerosLike(operand)
                  .scatterAdd(axis, clamped(indices, operand.axis(axis)), only(back, results)));
      case Op.ScatterAdd(Tensor operand, String axis, Tensor indices, Tensor updates) -> {
        Tensor dy = only(back, results);
        back.add(operand, dy);
        if (back.wants(updates)) {
          Tensor within =
              clamped(indices, operand.axis(axis)).compare(Comparison.EQ, widened(indices));
          back.add(
              updates,
              within.like(updates).select(dy.take(axis, indices), Tensors.zerosLike(updates)));
        }
      }
      case Op.Reduce reduce -> reduce(back, reduce, single(results), only(back, results));
      case Op.Dot dot -> dot(back, dot, only(back, results));
    }
  }

  private static void reduce(Pullback back, Op.Reduce reduce, Tensor result, Tensor dy) {
    Tensor operand = reduce.operand();
    switch (reduce.kind()) {
      case SUM -> back.add(operand, dy.like(operand));
      case MAX, MIN -> {
        // Equal extremes share the cotangent, as in JAX.
        Tensor chosen = operand.compare(Comparison.EQ, result.like(operand));
        Tensor ones = chosen.convert(operand.dtype());
        Tensor count = ones.sum(reduce.axes().toArray(String[]::new));
        back.add(operand, ones.times(dy.dividedBy(count).like(operand)));
      }
    }
  }

  private static void dot(Pullback back, Op.Dot dot, Tensor dy) {
    if (back.wants(dot.left())) {
      back.add(dot.left(), product(dy, Tensors.again(dot.right(), dy), dot.left()));
    }
    if (back.wants(dot.right())) {
      back.add(dot.right(), product(dy, Tensors.again(dot.left(), dy), dot.right()));
    }
  }

  /** The cotangent of {@code target}, its axes in the order that {@code target} has them. */
  private static Tensor product(Tensor dy, Tensor other, Tensor target) {
    Tensor left = dy.convert(target.dtype());
    List<String> contracted = new ArrayList<>();
    String firstOwn = "";
    for (Axis axis : other.shape().axes()) {
      if (!target.shape().has(axis.name())) {
        contracted.add(axis.name());
      }
    }
    for (Axis axis : target.shape().axes()) {
      boolean batch = other.shape().has(axis.name()) && left.shape().has(axis.name());
      if (!batch && firstOwn.isEmpty()) {
        firstOwn = axis.name();
      }
    }
    return left.shape().has(firstOwn)
        ? left.dot(other, target.dtype(), contracted)
        : other.dot(left, target.dtype(), contracted);
  }

  /**
   * Sorting by where each element came from undoes a sort, so cotangents go back that way (keys are
   * distinct integers).
   */
  private static void sort(Pullback back, Op.Sort sort, List<@Nullable Tensor> results) {
    Tensor key = sort.operands().getFirst();
    Tensor position = Tensors.iota(DType.I32, key.axis(sort.axis())).like(key);
    Tensor origin = Tensors.sort(sort.axis(), key, position).get(1);
    for (int i = 0; i < results.size(); i++) {
      Tensor cotangent = back.cotangent(results.get(i));
      if (cotangent != null && back.wants(sort.operands().get(i))) {
        back.add(sort.operands().get(i), Tensors.sort(sort.axis(), origin, cotangent).get(1));
      }
    }
  }

  /** Wide enough that the last position of any axis can be written down. */
  private static Tensor widened(Tensor indices) {
    return indices.dtype().bits() < 32 ? indices.convert(DType.I32) : indices;
  }

  private static Tensor clamped(Tensor narrow, Axis axis) {
    Tensor indices = widened(narrow);
    Tensor zero = Tensors.zerosLike(indices);
    Tensor last = Tensors.fill(indices.shape(), axis.size() - 1);
    return Tensors.minimum(Tensors.maximum(indices, zero), last);
  }

  static Tensor orZeros(@Nullable Tensor cotangent, Tensor like) {
    return cotangent == null ? Tensors.zerosLike(like) : cotangent;
  }

  private static Tensor single(List<@Nullable Tensor> results) {
    Tensor result = results.getFirst();
    if (result == null) {
      throw new IllegalStateException("a visited node without a cotangent");
    }
    return result;
  }

  private static Tensor only(Pullback back, List<@Nullable Tensor> results) {
    Tensor cotangent = back.cotangent(single(results));
    if (cotangent == null) {
      throw new IllegalStateException("a visited node without a cotangent");
    }
    return cotangent;
  }
}
