package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Prints the operations that move parts of a tensor, along whatever order it lies in. */
final class SliceEmitter {
  private final Writer writer;
  private final Scope scope;

  SliceEmitter(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  /** The slice of its operand, given in any order. */
  Value slice(Op.Slice slice, Value x) {
    int position = x.position(slice.axis());
    List<String> ranges = new ArrayList<>();
    x.order().forEach(axis -> ranges.add("0:" + axis.size()));
    ranges.set(position, slice.start() + ":" + (slice.start() + slice.size()));
    return writer.apply(
        x.dtype(), resized(x, position, slice.size()), "stablehlo.slice", List.of(x), " " + ranges);
  }

  Value pad(Op.Pad pad) {
    Value x = scope.natural(pad.operand());
    int position = x.position(pad.axis());
    Value zero = scope.constant(Shape.of(x.dtype()), 0);
    List<Integer> none = Collections.nCopies(x.order().size(), 0);
    int size = pad.before() + x.order().get(position).size() + pad.after();
    return writer.apply(
        x.dtype(),
        resized(x, position, size),
        "stablehlo.pad",
        List.of(x, zero),
        ", low = "
            + with(none, position, pad.before())
            + ", high = "
            + with(none, position, pad.after())
            + ", interior = "
            + none);
  }

  Value concat(Op.Concat concat) {
    Tensor first = concat.operands().getFirst();
    List<Axis> order = scope.common(first.shape(), concat.operands());
    int position = new Shape(first.dtype(), order).indexOf(concat.axis());
    List<Value> parts = new ArrayList<>();
    int size = 0;
    for (Tensor operand : concat.operands()) {
      List<Axis> own = new ArrayList<>(order);
      own.set(position, operand.axis(concat.axis()));
      parts.add(scope.in(operand, own));
      size += own.get(position).size();
    }
    return writer.apply(
        first.dtype(),
        resized(parts.getFirst(), position, size),
        "stablehlo.concatenate",
        parts,
        ", dim = " + position);
  }

  Value dynamicSlice(Op.DynamicSlice slice) {
    Value x = scope.natural(slice.operand());
    int position = x.position(slice.axis());
    List<Axis> order = resized(x, position, slice.size());
    List<Value> operands = new ArrayList<>(List.of(x));
    operands.addAll(starts(x, position, slice.start()));
    return writer.apply(
        x.dtype(),
        order,
        "stablehlo.dynamic_slice",
        operands,
        ", sizes = " + order.stream().map(Axis::size).toList());
  }

  Value dynamicUpdate(Op.DynamicUpdate update) {
    Value x = scope.natural(update.operand());
    int position = x.position(update.axis());
    List<Axis> part = resized(x, position, update.update().axis(update.axis()).size());
    List<Value> operands = new ArrayList<>(List.of(x, scope.in(update.update(), part)));
    operands.addAll(starts(x, position, update.start()));
    return writer.apply(x.dtype(), x.order(), "stablehlo.dynamic_update_slice", operands, "");
  }

  Value take(Op.Take take) {
    Value x = scope.natural(take.operand());
    Value indices = scope.natural(take.indices());
    Picked picked = Picked.of(x, take.axis(), indices);
    List<Integer> sizes = new ArrayList<>(x.order().stream().map(Axis::size).toList());
    sizes.set(picked.position(), 1);
    picked.operandBatch().forEach(batch -> sizes.set(batch, 1));
    String numbers =
        "#stablehlo.gather<offset_dims = "
            + picked.windows()
            + ", collapsed_slice_dims = ["
            + picked.position()
            + "]"
            + picked.batching("operand_batching_dims", "start_indices_batching_dims")
            + ", start_index_map = ["
            + picked.position()
            + "], index_vector_dim = "
            + indices.order().size()
            + ">";
    return writer.define(
        x.dtype(),
        picked.order(),
        "\"stablehlo.gather\"("
            + Writer.names(List.of(x, indices))
            + ") <{dimension_numbers = "
            + numbers
            + ", indices_are_sorted = false, slice_sizes = array<i64: "
            + sizes.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + ">}> : ("
            + Writer.types(List.of(x, indices))
            + ") -> "
            + Value.type(x.dtype(), picked.order()));
  }

  Value scatterAdd(Op.ScatterAdd scatter) {
    Value table = scope.natural(scatter.operand());
    DType type = Sums.type(table.dtype());
    Value x = Sums.as(writer, table, type);
    Value indices = scope.natural(scatter.indices());
    Picked picked = Picked.of(x, scatter.axis(), indices);
    Value terms = scope.in(scatter.updates(), picked.order());
    Value updates = Sums.as(writer, terms, type);
    List<Value> operands = List.of(x, indices, updates);
    Value result = new Value(writer.fresh(), x.dtype(), x.order());
    writer.line(
        result.name()
            + " = \"stablehlo.scatter\"("
            + Writer.names(operands)
            + ") <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = "
            + picked.windows()
            + ", inserted_window_dims = ["
            + picked.position()
            + "]"
            + picked.batching("input_batching_dims", "scatter_indices_batching_dims")
            + ", scatter_dims_to_operand_dims = ["
            + picked.position()
            + "], index_vector_dim = "
            + indices.order().size()
            + ">, indices_are_sorted = false, unique_indices = false}> ({");
    Value left = new Value(writer.fresh(), x.dtype(), List.of());
    Value right = new Value(writer.fresh(), x.dtype(), List.of());
    writer.open(
        "^bb0("
            + left.name()
            + ": "
            + left.type()
            + ", "
            + right.name()
            + ": "
            + right.type()
            + "):");
    Value sum = writer.apply(x.dtype(), List.of(), "stablehlo.add", List.of(left, right), "");
    writer.line("stablehlo.return " + sum.name() + " : " + sum.type() + writer.location());
    writer.close("}) : (" + Writer.types(operands) + ") -> " + x.type() + writer.location());
    return Sums.as(writer, result, table.dtype());
  }

  /**
   * Dimensions of a gather or a scatter.
   *
   * @param position the operand's dimension that is picked from
   * @param order the result's or the updates': the indices' own in the place of that dimension
   * @param windows positions in it that are the operand's own
   * @param operandBatch dimensions of the operand that the indices have too
   * @param indexBatch the same of the indices
   */
  private record Picked(
      int position,
      List<Axis> order,
      List<Integer> windows,
      List<Integer> operandBatch,
      List<Integer> indexBatch) {
    static Picked of(Value x, String axis, Value indices) {
      int position = x.position(axis);
      List<Axis> order = new ArrayList<>();
      List<Integer> windows = new ArrayList<>();
      List<Integer> operandBatch = new ArrayList<>();
      List<Integer> indexBatch = new ArrayList<>();
      for (int i = 0; i < x.order().size(); i++) {
        Axis own = x.order().get(i);
        if (i == position) {
          order.addAll(indices.order());
        } else if (indices.order().contains(own)) {
          operandBatch.add(i);
          indexBatch.add(indices.order().indexOf(own));
        } else {
          windows.add(order.size());
          order.add(own);
        }
      }
      return new Picked(position, order, windows, operandBatch, indexBatch);
    }

    String batching(String ofOperand, String ofIndices) {
      return operandBatch.isEmpty()
          ? ""
          : ", " + ofOperand + " = " + operandBatch + ", " + ofIndices + " = " + indexBatch;
    }
  }

  private List<Value> starts(Value x, int position, Tensor start) {
    Value at = scope.natural(start);
    List<Value> starts = new ArrayList<>();
    Value zero = x.order().size() == 1 ? at : scope.constant(Shape.of(at.dtype()), 0);
    for (int i = 0; i < x.order().size(); i++) {
      starts.add(i == position ? at : zero);
    }
    return starts;
  }

  private static List<Axis> resized(Value x, int position, int size) {
    List<Axis> order = new ArrayList<>(x.order());
    order.set(position, order.get(position).sized(size));
    return order;
  }

  private static List<Integer> with(List<Integer> list, int position, int value) {
    List<Integer> changed = new ArrayList<>(list);
    changed.set(position, value);
    return changed;
  }
}
