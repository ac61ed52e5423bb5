package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Region;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values known so far in a program, or in one run of a region's body. */
final class Scope {
  private final Map<String, NdArray> parameters;
  private final Precision precision;
  private final @Nullable Scope enclosing;
  private final IdentityHashMap<Op, List<NdArray>> values = new IdentityHashMap<>();

  Scope(Map<String, NdArray> parameters, Precision precision) {
    this.parameters = parameters;
    this.precision = precision;
    this.enclosing = null;
  }

  private Scope(Scope enclosing) {
    this.parameters = enclosing.parameters;
    this.precision = enclosing.precision;
    this.enclosing = enclosing;
  }

  /** Computes the nodes of {@code order}, each of which comes after its operands. */
  List<NdArray> run(List<Op> order, List<Tensor> results) {
    IdentityHashMap<Op, Shape> shapes = shapes(order, results);
    for (Op op : order) {
      Shape shape = shapes.get(op);
      if (shape == null) {
        throw new IllegalStateException("evaluation: expected a use of " + op.getClass());
      }
      values.put(op, compute(op, shape).stream().map(this::rounded).toList());
    }
    return values(results);
  }

  /** A shape for every node, which is the shape of its result where it has just one. */
  private static IdentityHashMap<Op, Shape> shapes(List<Op> order, List<Tensor> results) {
    IdentityHashMap<Op, Shape> shapes = new IdentityHashMap<>();
    results.forEach(tensor -> shapes.put(tensor.op(), tensor.shape()));
    for (Op op : order) {
      Graph.operands(op).forEach(tensor -> shapes.put(tensor.op(), tensor.shape()));
    }
    return shapes;
  }

  /** A value of this scope or of one around it, its axes ordered as the tensor's. */
  private NdArray value(Tensor tensor) {
    for (Scope scope = this; scope != null; scope = scope.enclosing) {
      List<NdArray> found = scope.values.get(tensor.op());
      if (found != null) {
        return found.get(tensor.index()).ordered(tensor.shape().axes());
      }
    }
    throw new IllegalStateException("evaluation: expected a value already, got none of " + tensor);
  }

  private List<NdArray> values(List<Tensor> tensors) {
    return tensors.stream().map(this::value).toList();
  }

  private NdArray rounded(NdArray array) {
    DType dtype = array.shape().dtype();
    return dtype == DType.F64 || (precision == Precision.EXACT && dtype.isFloat())
        ? array
        : Elementwise.map(array, dtype, value -> Rounding.round(dtype, value));
  }

  private List<NdArray> compute(Op op, Shape shape) {
    return switch (op) {
      case Op.Parameter parameter -> List.of(Evaluator.parameter(parameter, parameters));
      case Op.Argument _ ->
          throw new IllegalStateException("evaluation: expected a region around its argument");
      case Op.Fill(_, double value) -> List.of(NdArray.filled(shape, value));
      case Op.Literal(_, List<Double> elements) ->
          List.of(NdArray.of(shape, elements.stream().mapToDouble(v -> v).toArray()));
      case Op.Iota(_, String axis) -> List.of(Movement.iota(shape, axis));
      case Op.Unary(Op.UnaryKind kind, Tensor operand) ->
          List.of(
              Elementwise.map(
                  value(operand), shape.dtype(), x -> Scalars.unary(kind, operand.dtype(), x)));
      case Op.Binary(Op.BinaryKind kind, Tensor left, Tensor right) ->
          List.of(
              Elementwise.zip(
                  value(left),
                  value(right),
                  shape.dtype(),
                  (x, y) -> Scalars.binary(kind, left.dtype(), x, y)));
      case Op.Compare(Op.Comparison comparison, Tensor left, Tensor right) ->
          List.of(
              Elementwise.zip(
                  value(left),
                  value(right),
                  DType.BOOL,
                  (x, y) -> Scalars.compare(comparison, x, y) ? 1 : 0));
      case Op.Select(Tensor condition, Tensor onTrue, Tensor onFalse) ->
          List.of(Elementwise.select(value(condition), value(onTrue), value(onFalse)));
      case Op.Convert(Tensor operand, DType dtype) ->
          List.of(
              Elementwise.map(
                  value(operand), dtype, x -> Elementwise.convert(x, operand.dtype(), dtype)));
      case Op.Bitcast(Tensor operand, DType dtype) ->
          List.of(
              Elementwise.map(
                  value(operand), dtype, x -> Movement.bitcast(x, operand.dtype(), dtype)));
      case Op.Broadcast(Tensor operand, _) -> List.of(Movement.broadcast(value(operand), shape));
      case Op.Rename(Tensor operand, _, _) -> List.of(new NdArray(shape, value(operand).values()));
      case Op.Split(Tensor operand, _, _) -> List.of(new NdArray(shape, value(operand).values()));
      case Op.Merge merge -> List.of(Movement.merge(value(merge.operand()), merge, shape));
      case Op.Slice(Tensor operand, String axis, int start, _) ->
          List.of(Movement.slice(value(operand), axis, start, shape));
      case Op.Pad(Tensor operand, String axis, int before, _) ->
          List.of(Movement.pad(value(operand), axis, before, shape));
      case Op.Concat(List<Tensor> operands, String axis) ->
          List.of(Movement.concat(values(operands), axis, shape));
      case Op.DynamicSlice(Tensor operand, String axis, Tensor start, _) ->
          List.of(Movement.dynamicSlice(value(operand), axis, value(start).scalar(), shape));
      case Op.DynamicUpdate(Tensor operand, String axis, Tensor start, Tensor update) ->
          List.of(
              Movement.dynamicUpdate(value(operand), axis, value(start).scalar(), value(update)));
      case Op.Take(Tensor operand, String axis, Tensor indices) ->
          List.of(Movement.take(value(operand), axis, value(indices), shape));
      case Op.ScatterAdd(Tensor operand, String axis, Tensor indices, Tensor updates) ->
          List.of(Movement.scatterAdd(value(operand), axis, value(indices), value(updates)));
      case Op.Reduce reduce -> List.of(Arithmetic.reduce(reduce, value(reduce.operand()), shape));
      case Op.Dot dot -> List.of(Arithmetic.dot(dot, value(dot.left()), value(dot.right()), shape));
      case Op.Sort(List<Tensor> operands, String axis) -> Arithmetic.sort(values(operands), axis);
      case Op.Scan scan -> scan(scan);
      case Op.While loop -> whileLoop(loop);
      case Op.Checkpoint(List<Tensor> inputs, Region body, _) -> new Body(body).run(values(inputs));
      case Op.CustomVjp(_, List<Tensor> outputs, _) -> values(outputs);
      case Op.StopGradient(Tensor operand) -> List.of(value(operand));
      case Op.Constrain(Tensor operand, _, _) -> List.of(value(operand));
      case Op.Barrier(List<Tensor> operands) -> values(operands);
    };
  }

  /** A region made ready to run several times with other arguments. */
  private final class Body {
    private final Region region;
    private final List<Op> order;

    private Body(Region region) {
      this.region = region;
      Set<Tensor> given = Graph.tensorSet(region.parameters());
      given.addAll(region.captured());
      this.order = Graph.sorted(region.results(), given::contains);
    }

    private List<NdArray> run(Collection<NdArray> arguments) {
      Scope inner = new Scope(Scope.this);
      int next = 0;
      for (NdArray argument : arguments) {
        inner.values.put(region.parameters().get(next++).op(), List.of(argument));
      }
      return inner.run(order, region.results());
    }
  }

  private List<NdArray> scan(Op.Scan scan) {
    Body body = new Body(scan.body());
    Axis axis = scan.axis();
    int carried = scan.initial().size();
    List<NdArray> carry = values(scan.initial());
    List<NdArray> sequences = values(scan.sequences());
    List<Tensor> slices = scan.body().results().subList(carried, scan.body().results().size());
    List<NdArray> stacked = new ArrayList<>();
    slices.forEach(slice -> stacked.add(NdArray.filled(slice.shape().prepend(axis), 0)));
    for (int step = 0; step < axis.size(); step++) {
      int position = scan.reverse() ? axis.size() - 1 - step : step;
      List<NdArray> arguments = new ArrayList<>(carry);
      for (NdArray sequence : sequences) {
        Shape slice = sequence.shape().without(List.of(axis.name()));
        arguments.add(Movement.slice(sequence, axis.name(), position, slice));
      }
      List<NdArray> results = body.run(arguments);
      carry = results.subList(0, carried);
      for (int i = 0; i < stacked.size(); i++) {
        Movement.put(results.get(carried + i), stacked.get(i), axis.name(), position);
      }
    }
    List<NdArray> all = new ArrayList<>(carry);
    all.addAll(stacked);
    return all;
  }

  private List<NdArray> whileLoop(Op.While loop) {
    Body condition = new Body(loop.condition());
    Body body = new Body(loop.body());
    List<NdArray> state = values(loop.initial());
    while (condition.run(state).getFirst().scalar() != 0) {
      state = body.run(state);
    }
    return state;
  }
}
