package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Prints loops as {@code stablehlo.while}. What a body captures becomes part of the loop's state,
 * passed on unchanged. Everything carried lies in the order of its shape.
 */
final class LoopEmitter {
  private static final Shape COUNTER = Shape.of(DType.I32);

  private final Writer writer;
  private final Scope scope;

  LoopEmitter(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  List<Value> emit(Op.While loop) {
    List<Tensor> captured = new ArrayList<>(loop.condition().captured());
    for (Tensor tensor : loop.body().captured()) {
      if (!captured.contains(tensor)) {
        captured.add(tensor);
      }
    }
    int count = loop.initial().size();
    List<Value> initial = new ArrayList<>();
    loop.initial().forEach(tensor -> initial.add(ordered(scope, tensor)));
    captured.forEach(tensor -> initial.add(scope.natural(tensor)));
    List<Value> results =
        print(
            initial,
            state -> {
              Scope inner = bind(loop.condition().parameters(), state);
              bind(inner, captured, state.subList(count, state.size()));
              return roots(inner, loop.condition().results(), List.of()).getFirst();
            },
            state -> {
              Scope inner = bind(loop.body().parameters(), state);
              bind(inner, captured, state.subList(count, state.size()));
              List<Value> next = new ArrayList<>(roots(inner, loop.body().results(), state));
              next.addAll(state.subList(count, state.size()));
              return next;
            });
    return results.subList(0, count);
  }

  List<Value> emit(Op.Scan scan) {
    Axis axis = scan.axis();
    int carried = scan.initial().size();
    List<Tensor> parameters = scan.body().parameters();
    List<Tensor> stacked = scan.body().results().subList(carried, scan.body().results().size());
    List<Tensor> captured = scan.body().captured();
    List<Value> initial = new ArrayList<>();
    initial.add(scope.constant(COUNTER, 0));
    scan.initial().forEach(tensor -> initial.add(ordered(scope, tensor)));
    for (Tensor result : stacked) {
      initial.add(scope.constant(result.shape().prepend(axis), 0));
    }
    for (int i = 0; i < scan.sequences().size(); i++) {
      Shape slice = parameters.get(carried + i).shape();
      initial.add(scope.in(scan.sequences().get(i), slice.prepend(axis).axes()));
    }
    captured.forEach(tensor -> initial.add(scope.natural(tensor)));
    int firstSequence = 1 + carried + stacked.size();
    int firstCaptured = firstSequence + scan.sequences().size();
    List<Value> results =
        print(
            initial,
            state -> compareLess(state.getFirst(), axis.size()),
            state -> {
              Value step = state.getFirst();
              Value at = scan.reverse() ? fromEnd(step, axis.size()) : step;
              Scope inner = bind(parameters.subList(0, carried), state.subList(1, 1 + carried));
              for (int i = carried; i < parameters.size(); i++) {
                inner.put(parameters.get(i), sliced(state.get(firstSequence + i - carried), at));
              }
              bind(inner, captured, state.subList(firstCaptured, state.size()));
              List<Value> next = new ArrayList<>();
              next.add(increment(step));
              List<Value> values =
                  roots(inner, scan.body().results(), state.subList(1, 1 + carried));
              next.addAll(values.subList(0, carried));
              for (int i = 0; i < stacked.size(); i++) {
                next.add(updated(state.get(1 + carried + i), values.get(carried + i), at));
              }
              next.addAll(state.subList(firstSequence, state.size()));
              return next;
            });
    return results.subList(1, firstSequence);
  }

  private List<Value> print(
      List<Value> initial,
      Function<List<Value>, Value> condition,
      Function<List<Value>, List<Value>> body) {
    var source = writer.source();
    List<Value> state = new ArrayList<>();
    List<String> bindings = new ArrayList<>();
    for (Value value : initial) {
      Value argument = new Value(writer.fresh(), value.dtype(), value.order());
      state.add(argument);
      bindings.add(argument.name() + " = " + value.name());
    }
    String name = writer.fresh();
    writer.line(
        name
            + ":"
            + initial.size()
            + " = stablehlo.while("
            + String.join(", ", bindings)
            + ") : "
            + Writer.types(initial));
    writer.open("cond {");
    giveBack(List.of(condition.apply(state)));
    writer.next("} do {");
    giveBack(body.apply(state));
    writer.at(source);
    writer.close("}" + writer.location());
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < initial.size(); i++) {
      Value value = initial.get(i);
      results.add(new Value(name + "#" + i, value.dtype(), value.order()));
    }
    return results;
  }

  private void giveBack(List<Value> values) {
    writer.line(
        "stablehlo.return "
            + Writer.names(values)
            + " : "
            + Writer.types(values)
            + writer.location());
  }

  private Scope bind(List<Tensor> tensors, List<Value> values) {
    Scope inner = new Scope(writer, scope.partitioning());
    bind(inner, tensors, values);
    return inner;
  }

  private static void bind(Scope inner, List<Tensor> tensors, List<Value> values) {
    for (int i = 0; i < tensors.size(); i++) {
      inner.put(tensors.get(i), values.get(i));
    }
  }

  /**
   * Results of a body: the first in the order in which they are carried, the others in their own.
   */
  private List<Value> roots(Scope inner, List<Tensor> results, List<Value> carried) {
    new NodeEmitter(writer, inner).emitAll(results);
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Tensor result = results.get(i);
      values.add(
          i < carried.size() ? inner.in(result, carried.get(i).order()) : ordered(inner, result));
    }
    return values;
  }

  private static Value ordered(Scope scope, Tensor tensor) {
    return scope.in(tensor, tensor.shape().axes());
  }

  private Value compareLess(Value step, int limit) {
    Value end = scope.constant(COUNTER, limit);
    return writer.apply(
        DType.BOOL, List.of(), "stablehlo.compare LT,", List.of(step, end), ", SIGNED");
  }

  private Value increment(Value step) {
    return arithmetic("stablehlo.add", (a, b) -> List.of(a, b), step, 1);
  }

  private Value fromEnd(Value step, int size) {
    return arithmetic("stablehlo.subtract", (a, b) -> List.of(b, a), step, size - 1);
  }

  private Value arithmetic(
      String op, BiFunction<Value, Value, List<Value>> operands, Value step, int constant) {
    Value other = scope.constant(COUNTER, constant);
    return writer.apply(DType.I32, List.of(), op, operands.apply(step, other), "");
  }

  /** One position of the leading dimension, the dimension gone. */
  private Value sliced(Value stack, Value at) {
    List<Axis> rest = stack.order().subList(1, stack.order().size());
    List<Axis> one = new ArrayList<>(rest);
    one.addFirst(stack.order().getFirst().sized(1));
    List<Value> operands = new ArrayList<>(List.of(stack));
    operands.addAll(starts(at, rest.size()));
    List<Integer> sizes = one.stream().map(Axis::size).toList();
    Value slice =
        writer.apply(stack.dtype(), one, "stablehlo.dynamic_slice", operands, ", sizes = " + sizes);
    return Reshapes.to(writer, slice, rest);
  }

  private Value updated(Value stack, Value slice, Value at) {
    List<Axis> one = new ArrayList<>(slice.order());
    one.addFirst(stack.order().getFirst().sized(1));
    List<Value> operands = new ArrayList<>(List.of(stack, Reshapes.to(writer, slice, one)));
    operands.addAll(starts(at, slice.order().size()));
    return writer.apply(
        stack.dtype(), stack.order(), "stablehlo.dynamic_update_slice", operands, "");
  }

  private List<Value> starts(Value at, int others) {
    List<Value> starts = new ArrayList<>(List.of(at));
    if (others > 0) {
      Value zero = scope.constant(COUNTER, 0);
      for (int i = 0; i < others; i++) {
        starts.add(zero);
      }
    }
    return starts;
  }
}
