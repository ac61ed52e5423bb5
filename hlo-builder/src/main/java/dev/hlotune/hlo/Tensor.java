package dev.hlotune.hlo;

import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Op.UnaryKind;
import java.util.Arrays;
import java.util.List;

/**
 * One result of one node of the graph. Immutable; two tensors are the same only if they are the
 * same object, so a graph is a DAG held together by references alone.
 *
 * <p>Elementwise operations demand equal axes (in any order) and equal element types; {@link #like}
 * broadcasts. Every method throws {@link ShapeException} when the operands do not fit. Operations
 * on several tensors stand in {@link Tensors}.
 */
public final class Tensor {
  private final Op op;
  private final int index;
  private final Shape shape;
  private final Source source;

  private Tensor(Op op, int index, Shape shape, Source source) {
    this.op = op;
    this.index = index;
    this.shape = shape;
    this.source = source;
  }

  /** The results of a new node. */
  static List<Tensor> allOf(Op op) {
    Source source = Source.capture();
    List<Shape> shapes = ShapeRules.infer(op);
    Tensor[] results = new Tensor[shapes.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = new Tensor(op, i, shapes.get(i), source);
    }
    return List.of(results);
  }

  /** The result of a new node that has just one. */
  static Tensor of(Op op) {
    return allOf(op).getFirst();
  }

  static Tensor argument(Shape shape) {
    return of(new Op.Argument(shape));
  }

  /** The node that computes it. */
  public Op op() {
    return op;
  }

  /** Which of the node's results it is. */
  public int index() {
    return index;
  }

  public Shape shape() {
    return shape;
  }

  public DType dtype() {
    return shape.dtype();
  }

  public Axis axis(String name) {
    return shape.axis(name);
  }

  public Source source() {
    return source;
  }

  // Elementwise, two operands.

  public Tensor plus(Tensor other) {
    return binary(BinaryKind.ADD, other);
  }

  public Tensor plus(double other) {
    return plus(Tensors.fill(shape, other));
  }

  public Tensor minus(Tensor other) {
    return binary(BinaryKind.SUBTRACT, other);
  }

  public Tensor minus(double other) {
    return minus(Tensors.fill(shape, other));
  }

  public Tensor times(Tensor other) {
    return binary(BinaryKind.MULTIPLY, other);
  }

  public Tensor times(double other) {
    return times(Tensors.fill(shape, other));
  }

  public Tensor dividedBy(Tensor other) {
    return binary(BinaryKind.DIVIDE, other);
  }

  public Tensor dividedBy(double other) {
    return dividedBy(Tensors.fill(shape, other));
  }

  public Tensor pow(Tensor other) {
    return binary(BinaryKind.POWER, other);
  }

  public Tensor binary(BinaryKind kind, Tensor other) {
    return of(new Op.Binary(kind, this, other));
  }

  /** 1-bit comparison, elementwise. */
  public Tensor compare(Comparison comparison, Tensor other) {
    return of(new Op.Compare(comparison, this, other));
  }

  public Tensor compare(Comparison comparison, double other) {
    return compare(comparison, Tensors.fill(shape, other));
  }

  /** {@code this ? onTrue : onFalse}, elementwise; this is boolean. */
  public Tensor select(Tensor onTrue, Tensor onFalse) {
    return of(new Op.Select(this, onTrue, onFalse));
  }

  public Tensor and(Tensor other) {
    return binary(BinaryKind.AND, other);
  }

  // Elementwise, one operand.

  public Tensor negate() {
    return unary(UnaryKind.NEGATE);
  }

  public Tensor exp() {
    return unary(UnaryKind.EXP);
  }

  /** Natural logarithm. */
  public Tensor log() {
    return unary(UnaryKind.LOG);
  }

  public Tensor tanh() {
    return unary(UnaryKind.TANH);
  }

  /** 1 / (1 + e^-x). */
  public Tensor logistic() {
    return unary(UnaryKind.LOGISTIC);
  }

  public Tensor sqrt() {
    return unary(UnaryKind.SQRT);
  }

  /** 1 / sqrt(x). */
  public Tensor rsqrt() {
    return unary(UnaryKind.RSQRT);
  }

  public Tensor square() {
    return times(this);
  }

  public Tensor unary(UnaryKind kind) {
    return of(new Op.Unary(kind, this));
  }

  public Tensor convert(DType dtype) {
    return dtype == dtype() ? this : of(new Op.Convert(this, dtype));
  }

  public Tensor bitcast(DType dtype) {
    return of(new Op.Bitcast(this, dtype));
  }

  /** The same value, a constant to autodiff. */
  public Tensor stopGradient() {
    return of(new Op.StopGradient(this));
  }

  /** The same value, lying on the devices of a mesh as tensors of a role do. */
  public Tensor constrain(Role role) {
    return shape.rank() == 0 ? this : constrain(role, List.of());
  }

  /** As above, after other tensors; see {@link Op.Constrain}. */
  Tensor constrain(Role role, List<Tensor> after) {
    return Source.attributing(source, () -> of(new Op.Constrain(this, role, after)));
  }

  // Axes.

  /** Repeated along the axes of {@code target} that it lacks; the element type stays its own. */
  public Tensor broadcast(List<Axis> target) {
    Shape wanted = shape.withAxes(target);
    return wanted.sameAxes(shape) ? this : of(new Op.Broadcast(this, wanted));
  }

  /** Repeated along the axes that {@code other} has and this lacks. */
  public Tensor like(Tensor other) {
    return broadcast(other.shape.axes());
  }

  public Tensor rename(String from, String to) {
    return from.equals(to) ? this : of(new Op.Rename(this, from, to));
  }

  public Tensor split(String axis, Axis... into) {
    return of(new Op.Split(this, axis, Arrays.asList(into)));
  }

  public Tensor merge(List<String> axes, String into) {
    return of(new Op.Merge(this, axes, into));
  }

  public Tensor slice(String axis, int start, int size) {
    return start == 0 && size == axis(axis).size()
        ? this
        : of(new Op.Slice(this, axis, start, size));
  }

  /** One position of an axis, the axis gone. */
  public Tensor at(String axis, int position) {
    return slice(axis, position, 1).sum(axis);
  }

  public Tensor pad(String axis, int before, int after) {
    return before == 0 && after == 0 ? this : of(new Op.Pad(this, axis, before, after));
  }

  /** Positions from {@code start} (an i32 scalar) on, clamped into range. */
  public Tensor dynamicSlice(String axis, Tensor start, int size) {
    return of(new Op.DynamicSlice(this, axis, start, size));
  }

  public Tensor dynamicUpdate(String axis, Tensor start, Tensor update) {
    return of(new Op.DynamicUpdate(this, axis, start, update));
  }

  /**
   * {@code this[index]} along an axis; the axes of {@code indices} stand in its place. Other axes
   * that both have are batch axes.
   */
  public Tensor take(String axis, Tensor indices) {
    return of(new Op.Take(this, axis, indices));
  }

  public Tensor scatterAdd(String axis, Tensor indices, Tensor updates) {
    return of(new Op.ScatterAdd(this, axis, indices, updates));
  }

  // Reductions and products.

  public Tensor sum(String... axes) {
    return reduce(ReduceKind.SUM, axes);
  }

  public Tensor max(String... axes) {
    return reduce(ReduceKind.MAX, axes);
  }

  public Tensor mean(String axis) {
    return sum(axis).times(1.0 / axis(axis).size());
  }

  /** Sum over every axis. */
  public Tensor total() {
    return sum(shape.names().toArray(String[]::new));
  }

  public Tensor reduce(ReduceKind kind, String... axes) {
    return axes.length == 0 ? this : of(new Op.Reduce(kind, this, Arrays.asList(axes)));
  }

  /**
   * Sum of products over the named axes; others that both have are batch axes. Result: batch axes,
   * this tensor's own, the other's own.
   */
  public Tensor dot(Tensor other, String... contracted) {
    return of(new Op.Dot(this, other, Arrays.asList(contracted), dtype()));
  }

  /** As {@link #dot(Tensor, String...)}, accumulated and returned in another type. */
  public Tensor dot(Tensor other, DType result, List<String> contracted) {
    return of(new Op.Dot(this, other, contracted, result));
  }

  @Override
  public String toString() {
    return op.getClass().getSimpleName() + " " + shape + " at " + source;
  }
}
