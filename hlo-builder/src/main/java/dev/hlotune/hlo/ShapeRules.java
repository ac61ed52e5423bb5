package dev.hlotune.hlo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Shapes of an operation's results, and the check that its operands fit. */
final class ShapeRules {
  private ShapeRules() {}

  static List<Shape> infer(Op op) {
    return switch (op) {
      case Op.Parameter(_, Shape shape) -> List.of(shape);
      case Op.Argument(Shape shape) -> List.of(shape);
      case Op.Fill(Shape shape, _) -> List.of(shape);
      case Op.Literal literal -> List.of(literal(literal));
      case Op.Iota(Shape shape, String axis) -> {
        shape.axis(axis);
        yield List.of(shape);
      }
      case Op.Unary(Op.UnaryKind kind, Tensor operand) -> List.of(unary(kind, operand));
      case Op.Binary(Op.BinaryKind kind, Tensor left, Tensor right) ->
          List.of(binary(kind, left, right));
      case Op.Compare(_, Tensor left, Tensor right) -> {
        requireAlike("compare", left, right);
        yield List.of(left.shape().withDtype(DType.BOOL));
      }
      case Op.Select(Tensor condition, Tensor onTrue, Tensor onFalse) -> {
        requireAlike("select", onTrue, onFalse);
        requireShape("select condition", onTrue.shape().withDtype(DType.BOOL), condition.shape());
        yield List.of(onTrue.shape());
      }
      case Op.Convert(Tensor operand, DType dtype) -> List.of(operand.shape().withDtype(dtype));
      case Op.Bitcast(Tensor operand, DType dtype) -> {
        require(
            dtype.bits() == operand.dtype().bits(),
            () -> "bitcast: expected types of equal width, got " + operand.dtype() + ", " + dtype);
        yield List.of(operand.shape().withDtype(dtype));
      }
      case Op.Broadcast(Tensor operand, Shape shape) -> List.of(broadcast(operand, shape));
      case Op.Rename(Tensor operand, String from, String to) ->
          List.of(operand.shape().replace(from, operand.axis(from).named(to)));
      case Op.Split split -> List.of(split(split));
      case Op.Merge merge -> List.of(merge(merge));
      case Op.Slice(Tensor operand, String axis, int start, int size) -> {
        Axis whole = operand.axis(axis);
        require(
            start >= 0 && size >= 1 && start + size <= whole.size(),
            () -> "slice of " + whole + ": expected a part of it, got " + size + " from " + start);
        yield List.of(operand.shape().replace(axis, whole.sized(size)));
      }
      case Op.Pad(Tensor operand, String axis, int before, int after) -> {
        Axis whole = operand.axis(axis);
        require(
            before >= 0 && after >= 0,
            () -> "pad of " + whole + ": expected no negative count, got " + before + ", " + after);
        yield List.of(operand.shape().replace(axis, whole.sized(before + whole.size() + after)));
      }
      case Op.Concat(List<Tensor> operands, String axis) -> List.of(concat(operands, axis));
      case Op.DynamicSlice(Tensor operand, String axis, Tensor start, int size) -> {
        requireIndex("dynamic slice", start);
        requirePart("dynamic slice", operand.axis(axis), size);
        yield List.of(operand.shape().replace(axis, operand.axis(axis).sized(size)));
      }
      case Op.DynamicUpdate(Tensor operand, String axis, Tensor start, Tensor update) -> {
        requireIndex("dynamic update", start);
        int size = update.axis(axis).size();
        requirePart("dynamic update", operand.axis(axis), size);
        Shape expected = operand.shape().replace(axis, operand.axis(axis).sized(size));
        requireShape("dynamic update", expected, update.shape());
        yield List.of(operand.shape());
      }
      case Op.Take(Tensor operand, String axis, Tensor indices) -> {
        require(
            indices.dtype().isInteger(),
            () -> "take along \"" + axis + "\": expected integer indices, got " + indices.shape());
        yield List.of(taken(operand.shape(), axis, indices.shape()));
      }
      case Op.ScatterAdd(Tensor operand, String axis, Tensor indices, Tensor updates) -> {
        requireShape("scatter-add", taken(operand.shape(), axis, indices.shape()), updates.shape());
        yield List.of(operand.shape());
      }
      case Op.Reduce(_, Tensor operand, List<String> axes) -> {
        axes.forEach(operand::axis);
        yield List.of(operand.shape().without(axes));
      }
      case Op.Dot dot -> List.of(dot(dot));
      case Op.Sort(List<Tensor> operands, String axis) -> {
        for (Tensor operand : operands) {
          operand.axis(axis);
          require(
              operand.shape().sameAxes(operands.getFirst().shape()),
              () -> "sort: expected equal axes, got " + shapes(operands));
        }
        yield shapes(operands);
      }
      case Op.Scan scan -> scan(scan);
      case Op.While loop -> {
        requireShapes("while state", shapes(loop.initial()), shapes(loop.body().results()));
        requireShapes(
            "while condition", List.of(Shape.of(DType.BOOL)), shapes(loop.condition().results()));
        yield shapes(loop.initial());
      }
      case Op.Checkpoint(List<Tensor> inputs, Region body, _) -> {
        requireShapes("checkpoint inputs", shapes(body.parameters()), shapes(inputs));
        yield shapes(body.results());
      }
      case Op.CustomVjp(_, List<Tensor> outputs, _) -> shapes(outputs);
      case Op.StopGradient(Tensor operand) -> List.of(operand.shape());
      case Op.Constrain(Tensor operand, _, _) -> List.of(operand.shape());
      case Op.Barrier(List<Tensor> operands) -> shapes(operands);
    };
  }

  private static Shape literal(Op.Literal literal) {
    require(
        literal.values().size() == literal.shape().elements(),
        () ->
            "literal: expected "
                + literal.shape().elements()
                + " values, got "
                + literal.values().size());
    return literal.shape();
  }

  private static Shape unary(Op.UnaryKind kind, Tensor operand) {
    DType dtype = operand.dtype();
    boolean fits =
        switch (kind) {
          case NEGATE -> dtype != DType.BOOL;
          case ABS, SIGN -> dtype != DType.BOOL && !dtype.isUnsigned();
          case EXP, LOG, LOG1P, TANH, LOGISTIC, SQRT, RSQRT, SIN, COS, ERF, FLOOR ->
              dtype.isFloat();
          case NOT -> !dtype.isFloat();
        };
    require(fits, () -> kind + ": expected another element type, got " + operand.shape());
    return operand.shape();
  }

  private static Shape binary(Op.BinaryKind kind, Tensor left, Tensor right) {
    requireAlike(kind.toString(), left, right);
    DType dtype = left.dtype();
    boolean fits =
        switch (kind) {
          case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER, REMAINDER ->
              dtype != DType.BOOL;
          case AND, OR, XOR -> !dtype.isFloat();
          case SHIFT_LEFT, SHIFT_RIGHT_LOGICAL -> dtype.isInteger();
        };
    require(fits, () -> kind + ": expected another element type, got " + left.shape());
    return left.shape();
  }

  private static Shape broadcast(Tensor operand, Shape shape) {
    require(
        shape.dtype() == operand.dtype() && shape.axes().containsAll(operand.shape().axes()),
        () -> "broadcast: expected a shape with the axes of " + operand + ", got " + shape);
    return shape;
  }

  private static Shape split(Op.Split split) {
    Shape shape = split.operand().shape();
    Axis whole = shape.axis(split.axis());
    require(
        whole.size() == new Shape(DType.F32, split.into()).elements(),
        () -> "split of " + whole + ": expected sizes that multiply to it, got " + split.into());
    List<Axis> axes = new ArrayList<>(shape.axes());
    int position = shape.indexOf(split.axis());
    axes.remove(position);
    axes.addAll(position, split.into());
    return shape.withAxes(axes);
  }

  private static Shape merge(Op.Merge merge) {
    Shape shape = merge.operand().shape();
    int size = 1;
    for (String name : merge.axes()) {
      size = Math.multiplyExact(size, shape.axis(name).size());
    }
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : shape.axes()) {
      if (axis.name().equals(merge.axes().getFirst())) {
        axes.add(new Axis(merge.into(), size));
      } else if (!merge.axes().contains(axis.name())) {
        axes.add(axis);
      }
    }
    return shape.withAxes(axes);
  }

  private static Shape concat(List<Tensor> operands, String axis) {
    Shape first = operands.getFirst().shape();
    int size = 0;
    for (Tensor operand : operands) {
      Axis own = operand.axis(axis);
      requireShape("concat", first.replace(axis, own), operand.shape());
      size = Math.addExact(size, own.size());
    }
    return first.replace(axis, first.axis(axis).sized(size));
  }

  private static Shape taken(Shape operand, String axis, Shape indices) {
    List<Axis> axes = new ArrayList<>();
    for (Axis own : operand.axes()) {
      if (own.name().equals(axis)) {
        axes.addAll(indices.axes());
      } else if (!indices.has(own.name())) {
        axes.add(own);
      } else {
        require(
            indices.axis(own.name()).equals(own),
            () ->
                "take along \""
                    + axis
                    + "\": expected shared axes of equal size, got "
                    + operand
                    + " and "
                    + indices);
      }
    }
    operand.axis(axis);
    return operand.withAxes(axes);
  }

  private static Shape dot(Op.Dot dot) {
    Shape left = dot.left().shape();
    Shape right = dot.right().shape();
    require(
        left.dtype() == right.dtype(),
        () -> "dot: expected equal element types, got " + left + " and " + right);
    for (Axis axis : left.axes()) {
      require(
          !right.has(axis.name()) || right.axis(axis.name()).equals(axis),
          () -> "dot: expected shared axes of equal size, got " + left + " and " + right);
    }
    for (String name : dot.contracted()) {
      require(
          left.has(name) && right.has(name),
          () -> "dot over \"" + name + "\": expected it on both sides, got " + left + ", " + right);
    }
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : left.axes()) {
      if (right.has(axis.name()) && !dot.contracted().contains(axis.name())) {
        axes.add(axis);
      }
    }
    left.axes().stream().filter(axis -> !right.has(axis.name())).forEach(axes::add);
    right.axes().stream().filter(axis -> !left.has(axis.name())).forEach(axes::add);
    return new Shape(dot.dtype(), axes);
  }

  private static List<Shape> scan(Op.Scan scan) {
    List<Shape> given = new ArrayList<>(shapes(scan.initial()));
    for (Tensor sequence : scan.sequences()) {
      require(
          sequence.axis(scan.axis().name()).equals(scan.axis()),
          () -> "scan over " + scan.axis() + ": expected it on every sequence, got " + sequence);
      given.add(sequence.shape().without(Set.of(scan.axis().name())));
    }
    requireShapes("scan body parameters", shapes(scan.body().parameters()), given);
    int carried = scan.initial().size();
    List<Shape> results = shapes(scan.body().results());
    requireShapes("scan carry", shapes(scan.initial()), results.subList(0, carried));
    List<Shape> shapes = new ArrayList<>(results.subList(0, carried));
    for (Shape slice : results.subList(carried, results.size())) {
      shapes.add(slice.prepend(scan.axis()));
    }
    return shapes;
  }

  private static List<Shape> shapes(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::shape).toList();
  }

  private static void requireAlike(String what, Tensor left, Tensor right) {
    requireShape(what, left.shape(), right.shape());
  }

  private static void requireIndex(String what, Tensor start) {
    require(
        start.shape().rank() == 0 && start.dtype().isInteger(),
        () -> what + ": expected an integer scalar to start at, got " + start.shape());
  }

  private static void requirePart(String what, Axis whole, int size) {
    require(
        size >= 1 && size <= whole.size(),
        () -> what + " of " + whole + ": expected a size within it, got " + size);
  }

  private static void requireShape(String what, Shape expected, Shape got) {
    require(
        expected.dtype() == got.dtype() && expected.sameAxes(got),
        () -> what + ": expected " + expected + ", got " + got);
  }

  private static void requireShapes(String what, List<Shape> expected, List<Shape> got) {
    require(
        expected.size() == got.size(),
        () -> what + ": expected " + expected.size() + " tensors, got " + got.size());
    for (int i = 0; i < expected.size(); i++) {
      requireShape(what + " " + i, expected.get(i), got.get(i));
    }
  }

  private static void require(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new ShapeException(message.get());
    }
  }
}
