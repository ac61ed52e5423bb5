package dev.hlotune.hlo;

import java.util.List;

/**
 * What a node of the graph computes. Closed: every pass (shape, gradient, emission, evaluation,
 * rewriting) is an exhaustive {@code switch} over these records, so a new one does not compile
 * until every pass has its arm (see {@code docs/add-an-op.md}).
 *
 * <p>Semantics follow the StableHLO specification unless a record says otherwise; axes are named,
 * positions exist only in the emitter.
 */
public sealed interface Op {
  /** An input of the program. */
  record Parameter(String name, Shape shape) implements Op {}

  /** A parameter of a {@link Region}; equal to nothing but itself, by its node. */
  record Argument(Shape shape) implements Op {}

  /** Every element has one value. Integers are exact up to 2^53. */
  record Fill(Shape shape, double value) implements Op {}

  /** Explicit elements in row-major order of {@code shape}; meant for small tables. */
  record Literal(Shape shape, List<Double> values) implements Op {
    public Literal {
      values = List.copyOf(values);
    }
  }

  /** 0, 1, 2, … along one axis. */
  record Iota(Shape shape, String axis) implements Op {}

  record Unary(UnaryKind kind, Tensor operand) implements Op {}

  record Binary(BinaryKind kind, Tensor left, Tensor right) implements Op {}

  /** Elementwise comparison; floats compare as IEEE 754, NaN is unequal to everything. */
  record Compare(Comparison comparison, Tensor left, Tensor right) implements Op {}

  /** Elementwise {@code condition ? onTrue : onFalse}. */
  record Select(Tensor condition, Tensor onTrue, Tensor onFalse) implements Op {}

  /** Value conversion; float to integer truncates towards zero. */
  record Convert(Tensor operand, DType dtype) implements Op {}

  /** The same bits read as another type of the same width. */
  record Bitcast(Tensor operand, DType dtype) implements Op {}

  /** Repeats the operand along the axes that it lacks. */
  record Broadcast(Tensor operand, Shape shape) implements Op {}

  /** The same tensor with one axis called something else. */
  record Rename(Tensor operand, String from, String to) implements Op {}

  /** One axis as several, outermost first. */
  record Split(Tensor operand, String axis, List<Axis> into) implements Op {
    public Split {
      into = List.copyOf(into);
    }
  }

  /** Several axes as one; the first named varies slowest. */
  record Merge(Tensor operand, List<String> axes, String into) implements Op {
    public Merge {
      axes = List.copyOf(axes);
    }
  }

  /** Positions {@code start} to {@code start + size} of one axis. */
  record Slice(Tensor operand, String axis, int start, int size) implements Op {}

  /** Zeros put before and after along one axis. */
  record Pad(Tensor operand, String axis, int before, int after) implements Op {}

  record Concat(List<Tensor> operands, String axis) implements Op {
    public Concat {
      operands = List.copyOf(operands);
    }
  }

  /** As {@link Slice} with a start known only on the device, clamped into range. */
  record DynamicSlice(Tensor operand, String axis, Tensor start, int size) implements Op {}

  /** The operand with positions from {@code start} on overwritten; the start is clamped. */
  record DynamicUpdate(Tensor operand, String axis, Tensor start, Tensor update) implements Op {}

  /**
   * {@code operand[index]} along one axis, for every index; indices are clamped into range. Other
   * axes that both have are batch axes: each of their positions has indices of its own. Axes of the
   * result: those of the indices stand in the place of {@code axis}.
   */
  record Take(Tensor operand, String axis, Tensor indices) implements Op {}

  /**
   * The operand with {@code updates} added at {@code indices} along one axis; an index out of range
   * adds nothing. The gradient of {@link Take}.
   */
  record ScatterAdd(Tensor operand, String axis, Tensor indices, Tensor updates) implements Op {}

  record Reduce(ReduceKind kind, Tensor operand, List<String> axes) implements Op {
    public Reduce {
      axes = List.copyOf(axes);
    }
  }

  /**
   * Sum of products over {@code contracted}. Other axes that both have are batch axes. Axes of the
   * result: batch (in the left's order), the left's own, the right's own.
   */
  record Dot(Tensor left, Tensor right, List<String> contracted, DType dtype) implements Op {
    public Dot {
      contracted = List.copyOf(contracted);
    }
  }

  /** Sorts all operands together, ascending and stably by the first, along one axis. */
  record Sort(List<Tensor> operands, String axis) implements Op {
    public Sort {
      operands = List.copyOf(operands);
    }
  }

  /**
   * {@code (carry, y_i) = body(carry, x_i)} for every position of an axis. Body parameters: the
   * carry, then one slice of each of {@code sequences}; body results: the next carry, then the
   * {@code y}. Results: the last carry, then every {@code y} stacked with {@code axis} in front.
   *
   * @param reverse whether the axis is walked from its last position to its first
   * @param remat what its gradient computes again
   */
  record Scan(
      Axis axis,
      List<Tensor> initial,
      List<Tensor> sequences,
      Region body,
      boolean reverse,
      Remat remat)
      implements Op {
    public Scan {
      initial = List.copyOf(initial);
      sequences = List.copyOf(sequences);
    }
  }

  /** {@code while (condition(state)) state = body(state)}; no gradient passes through it. */
  record While(List<Tensor> initial, Region condition, Region body) implements Op {
    public While {
      initial = List.copyOf(initial);
    }
  }

  /** {@code body(inputs)}, whose backward pass computes it again as {@code remat} says. */
  record Checkpoint(List<Tensor> inputs, Region body, Remat remat) implements Op {
    public Checkpoint {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * The given outputs, with a gradient of one's own: {@code rule} takes the outputs' cotangents and
   * gives one per input. Autodiff does not look inside the outputs.
   */
  record CustomVjp(List<Tensor> inputs, List<Tensor> outputs, VjpRule rule) implements Op {
    public CustomVjp {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /** The operand, taken for a constant by autodiff. */
  record StopGradient(Tensor operand) implements Op {}

  /**
   * The operand, lying on the devices as tensors of its role do; without a mesh, the operand alone.
   *
   * @param after tensors that are there before a weight is put together for its use, so that it is
   *     not kept from an earlier one
   */
  record Constrain(Tensor operand, Role role, List<Tensor> after) implements Op {
    public Constrain {
      after = List.copyOf(after);
    }
  }

  /** The operands, not to be moved or merged across this point by the compiler. */
  record Barrier(List<Tensor> operands) implements Op {
    public Barrier {
      operands = List.copyOf(operands);
    }
  }

  enum UnaryKind {
    NEGATE,
    ABS,
    SIGN,
    EXP,
    LOG,
    LOG1P,
    TANH,
    LOGISTIC,
    SQRT,
    RSQRT,
    SIN,
    COS,
    ERF,
    FLOOR,
    NOT
  }

  enum BinaryKind {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    POWER,
    REMAINDER,
    AND,
    OR,
    XOR,
    SHIFT_LEFT,
    SHIFT_RIGHT_LOGICAL
  }

  enum Comparison {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  enum ReduceKind {
    SUM,
    MAX,
    MIN
  }
}
