package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Source;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Prints the nodes of one function or loop body, each after its operands. */
final class NodeEmitter {
  private final Writer writer;
  private final Scope scope;
  private final SliceEmitter slices;

  NodeEmitter(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
    this.slices = new SliceEmitter(writer, scope);
  }

  /** Prints what {@code roots} need and the scope does not have yet. */
  void emitAll(List<Tensor> roots) {
    List<Op> order = Graph.sorted(roots, scope::has);
    IdentityHashMap<Op, List<Tensor>> results = new IdentityHashMap<>();
    roots.forEach(root -> collect(root, results));
    order.forEach(op -> Graph.operands(op).forEach(operand -> collect(operand, results)));
    for (Op op : order) {
      List<Tensor> own = results.getOrDefault(op, List.of());
      Source source = own.isEmpty() ? writer.source() : own.getFirst().source();
      writer.at(source);
      emit(op, own);
    }
  }

  private static void collect(Tensor tensor, IdentityHashMap<Op, List<Tensor>> results) {
    List<Tensor> own = results.computeIfAbsent(tensor.op(), _ -> new ArrayList<>());
    if (!own.contains(tensor)) {
      own.add(tensor);
    }
  }

  /** Prints one node and puts the results that are used into the scope. */
  private void emit(Op op, List<Tensor> results) {
    switch (op) {
      case Op.Parameter _, Op.Argument _ ->
          throw new IllegalStateException("no value was given for " + results);
      // These take the order of whoever uses them.
      case Op.Fill _, Op.Iota _, Op.Broadcast _, Op.Slice _ -> {}
      case Op.StopGradient(Tensor operand) -> scope.alias(results.getFirst(), operand);
      case Op.CustomVjp(_, List<Tensor> outputs, _) ->
          results.forEach(result -> scope.alias(result, outputs.get(result.index())));
      case Op.Checkpoint block -> {
        List<Tensor> parameters = block.body().parameters();
        for (int i = 0; i < parameters.size(); i++) {
          scope.alias(parameters.get(i), block.inputs().get(i));
        }
        emitAll(block.body().results());
        results.forEach(result -> scope.alias(result, block.body().results().get(result.index())));
      }
      case Op.Scan scan -> putAll(results, new LoopEmitter(writer, scope).emit(scan));
      case Op.While loop -> putAll(results, new LoopEmitter(writer, scope).emit(loop));
      case Op.Sort sort -> putAll(results, sort(sort));
      case Op.Barrier(List<Tensor> operands) ->
          putAll(results, writer.barrier(operands.stream().map(scope::natural).toList()));
      case Op.Constrain node ->
          new ConstraintEmitter(writer, scope)
              .emit(node)
              .ifPresentOrElse(
                  value -> put(results, value),
                  () -> scope.alias(results.getFirst(), node.operand()));
      case Op.Literal literal -> put(results, literal(literal));
      case Op.Unary(UnaryKind kind, Tensor operand) -> {
        Value x = scope.natural(operand);
        // CHLO spells out the result's type, StableHLO leaves it to the operand's.
        String types = Names.isChlo(kind) ? x.type() + " -> " + x.type() : x.type();
        put(
            results,
            writer.define(x.dtype(), x.order(), Names.of(kind) + " " + x.name() + " : " + types));
      }
      case Op.Binary(BinaryKind kind, Tensor left, Tensor right) -> {
        List<Value> operands = alike(left.shape(), List.of(left, right));
        Value x = operands.getFirst();
        put(
            results,
            writer.define(
                x.dtype(),
                x.order(),
                Names.of(kind) + " " + Writer.names(operands) + " : " + x.type()));
      }
      case Op.Compare(Op.Comparison comparison, Tensor left, Tensor right) -> {
        List<Value> operands = alike(left.shape(), List.of(left, right));
        put(
            results,
            writer.apply(
                DType.BOOL,
                operands.getFirst().order(),
                "stablehlo.compare " + comparison + ",",
                operands,
                ", " + Names.comparisonType(left.dtype())));
      }
      case Op.Select(Tensor condition, Tensor onTrue, Tensor onFalse) -> {
        List<Value> operands = alike(onTrue.shape(), List.of(onTrue, onFalse, condition));
        Value x = operands.get(0);
        Value test = operands.get(2);
        put(
            results,
            writer.define(
                x.dtype(),
                x.order(),
                "stablehlo.select "
                    + Writer.names(List.of(test, x, operands.get(1)))
                    + " : "
                    + Writer.types(List.of(test, x))));
      }
      case Op.Convert(Tensor operand, DType dtype) ->
          put(results, same(operand, dtype, "stablehlo.convert"));
      case Op.Bitcast(Tensor operand, DType dtype) ->
          put(results, same(operand, dtype, "stablehlo.bitcast_convert"));
      case Op.Rename(Tensor operand, String from, String to) -> {
        Value x = scope.natural(operand);
        put(
            results,
            new Value(
                x.name(),
                x.dtype(),
                x.order().stream()
                    .map(axis -> axis.name().equals(from) ? axis.named(to) : axis)
                    .toList()));
      }
      case Op.Split(Tensor operand, String axis, List<Axis> into) -> {
        Value x = scope.natural(operand);
        List<Axis> order = new ArrayList<>(x.order());
        int position = x.position(axis);
        order.remove(position);
        order.addAll(position, into);
        put(results, Reshapes.to(writer, x, order));
      }
      case Op.Merge merge -> put(results, merge(merge));
      case Op.Reduce reduce -> put(results, reduce(reduce));
      case Op.Dot dot -> put(results, new DotEmitter(writer, scope).emit(dot));
      case Op.Pad pad -> put(results, slices.pad(pad));
      case Op.Concat concat -> put(results, slices.concat(concat));
      case Op.DynamicSlice slice -> put(results, slices.dynamicSlice(slice));
      case Op.DynamicUpdate update -> put(results, slices.dynamicUpdate(update));
      case Op.Take take -> put(results, slices.take(take));
      case Op.ScatterAdd scatter -> put(results, slices.scatterAdd(scatter));
    }
  }

  private void put(List<Tensor> results, Value value) {
    scope.put(results.getFirst(), value);
  }

  private void putAll(List<Tensor> results, List<Value> values) {
    results.forEach(result -> scope.put(result, values.get(result.index())));
  }

  private List<Value> alike(Shape shape, List<Tensor> operands) {
    List<Axis> order = scope.common(shape, operands);
    return operands.stream().map(operand -> scope.in(operand, order)).toList();
  }

  private Value same(Tensor operand, DType dtype, String op) {
    Value x = scope.natural(operand);
    return writer.apply(dtype, x.order(), op, List.of(x), "");
  }

  private Value literal(Op.Literal literal) {
    Shape shape = literal.shape();
    String elements =
        literal.values().stream()
            .map(value -> Constants.element(shape.dtype(), value))
            .collect(Collectors.joining(", ", "[", "]"));
    Axis flat = new Axis("flat", literal.values().size());
    Value table =
        writer.define(
            shape.dtype(),
            List.of(flat),
            "stablehlo.constant dense<"
                + elements
                + "> : "
                + Value.type(shape.dtype(), List.of(flat)));
    return Reshapes.to(writer, table, shape.axes());
  }

  /**
   * The merged axes have to lie side by side; where they do not, they are brought together in the
   * place of the innermost, so that what lay outside of it stays outside.
   */
  private Value merge(Op.Merge merge) {
    Value x = scope.natural(merge.operand());
    List<Axis> group = merge.axes().stream().map(merge.operand()::axis).toList();
    Axis innermost = x.order().stream().filter(group::contains).toList().getLast();
    List<Axis> order = new ArrayList<>();
    List<Axis> merged = new ArrayList<>();
    for (Axis axis : x.order()) {
      if (axis.equals(innermost)) {
        order.addAll(group);
        merged.add(
            new Axis(
                merge.into(), group.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact)));
      } else if (!group.contains(axis)) {
        order.add(axis);
        merged.add(axis);
      }
    }
    return Reshapes.to(writer, scope.in(merge.operand(), order), merged);
  }

  private Value reduce(Op.Reduce reduce) {
    Value terms = scope.natural(reduce.operand());
    HashSet<String> gone = new HashSet<>(reduce.axes());
    List<Axis> order = terms.order().stream().filter(axis -> !gone.contains(axis.name())).toList();
    if (reduce.axes().stream().allMatch(axis -> reduce.operand().axis(axis).size() == 1)) {
      return Reshapes.to(writer, terms, order);
    }
    boolean sum = reduce.kind() == Op.ReduceKind.SUM;
    Value x = sum ? Sums.as(writer, terms, Sums.type(terms.dtype())) : terms;
    List<Integer> dimensions = reduce.axes().stream().map(x::position).sorted().toList();
    Value start = scope.constant(Shape.of(x.dtype()), Constants.identity(reduce.kind(), x.dtype()));
    Value reduced =
        writer.define(
            x.dtype(),
            order,
            "stablehlo.reduce("
                + x.name()
                + " init: "
                + start.name()
                + ") applies "
                + Names.of(reduce.kind())
                + " across dimensions = "
                + dimensions
                + " : ("
                + Writer.types(List.of(x, start))
                + ") -> "
                + Value.type(x.dtype(), order));
    return Sums.as(writer, reduced, terms.dtype());
  }

  private List<Value> sort(Op.Sort sort) {
    List<Axis> order = scope.common(sort.operands().getFirst().shape(), sort.operands());
    List<Value> values = sort.operands().stream().map(x -> scope.in(x, order)).toList();
    List<String> arguments = new ArrayList<>();
    for (Value value : values) {
      String type = Value.type(value.dtype(), List.of());
      arguments.add(writer.fresh() + ": " + type);
      arguments.add(writer.fresh() + ": " + type);
    }
    String name = writer.fresh();
    String count = values.size() == 1 ? "" : ":" + values.size();
    writer.line(
        name
            + count
            + " = \"stablehlo.sort\"("
            + Writer.names(values)
            + ") <{dimension = "
            + values.getFirst().position(sort.axis())
            + " : i64, is_stable = true}> ({");
    writer.open("^bb0(" + String.join(", ", arguments) + "):");
    DType key = values.getFirst().dtype();
    List<Value> keys =
        arguments.subList(0, 2).stream()
            .map(argument -> argument.substring(0, argument.indexOf(':')))
            .map(argument -> new Value(argument, key, List.of()))
            .toList();
    Value less =
        writer.apply(
            DType.BOOL, List.of(), "stablehlo.compare LT,", keys, ", " + Names.comparisonType(key));
    writer.line("stablehlo.return " + less.name() + " : " + less.type() + writer.location());
    String types = Writer.types(values);
    writer.close("}) : (" + types + ") -> (" + types + ")" + writer.location());
    return Writer.numbered(name, values);
  }
}
