package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.Random;

/** Random elementwise operations, kept where a small error stays small. */
final class RandomElementwise {
  /** Without I64, whose largest values a double cannot hold. */
  private static final List<DType> INTEGERS = List.of(DType.I32, DType.U32, DType.I8, DType.U8);

  private final Random random;

  RandomElementwise(Random random) {
    this.random = random;
  }

  private <T> T any(T[] values) {
    return any(random, values);
  }

  static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** One operand; each kind gets an argument from where it is smooth. */
  Node unary(Node x) {
    UnaryKind kind = any(UnaryKind.values());
    if (!x.isFloat()) {
      return switch (kind) {
        case NEGATE -> x.tensor().dtype() == DType.BOOL ? x : x.moved(x.tensor().unary(kind));
        case ABS, SIGN -> isSigned(x) ? x.moved(x.tensor().unary(kind)) : x;
        case NOT -> x.moved(x.tensor().unary(kind));
        case EXP, LOG, LOG1P, TANH, LOGISTIC, SQRT, RSQRT, SIN, COS, ERF, FLOOR -> toFloat(x);
      };
    }
    return switch (kind) {
      case NEGATE, ABS -> x.moved(x.tensor().unary(kind));
      // These jump, so a last bit could make all the difference.
      case SIGN, FLOOR, NOT ->
          x.isExact() && kind != UnaryKind.NOT
              ? Node.exact(x.tensor().unary(kind), x.bound() + 1)
              : x.moved(x.tensor().negate());
      case EXP -> {
        Node small = squashed(x);
        yield Node.computed(small.tensor().exp(), Math.E, Math.E * small.error());
      }
      case TANH, LOGISTIC, SIN, COS -> Node.computed(x.tensor().unary(kind), 1, x.error());
      case ERF -> Node.computed(x.tensor().unary(kind), 1, 1.13 * x.error());
      case LOG, SQRT, RSQRT -> {
        Node positive = plusOne(squareOf(x));
        yield Node.computed(positive.tensor().unary(kind), positive.bound(), positive.error());
      }
      case LOG1P -> {
        Tensor magnitude = x.tensor().unary(UnaryKind.ABS);
        yield Node.computed(magnitude.unary(kind), x.bound(), x.error());
      }
    };
  }

  /** Two operands of equal type and axes. */
  Node binary(Node x, Node y) {
    BinaryKind kind = any(BinaryKind.values());
    DType dtype = x.tensor().dtype();
    if (dtype == DType.BOOL) {
      BinaryKind[] logical = {BinaryKind.AND, BinaryKind.OR, BinaryKind.XOR};
      return x.moved(x.tensor().binary(any(logical), y.tensor()));
    }
    if (!x.isFloat()) {
      Tensor right =
          switch (kind) {
            // Division by zero is left open by the specification.
            case DIVIDE, REMAINDER -> positive(y.tensor());
            // XLA looks at the lowest 6 bits of an exponent alone.
            case POWER -> y.tensor().and(Tensors.fill(y.tensor().shape(), 63));
            default -> y.tensor();
          };
      return x.moved(x.tensor().binary(kind, right));
    }
    double sum = x.error() + y.error();
    double product = x.error() * y.bound() + y.error() * x.bound() + x.error() * y.error();
    return switch (kind) {
      case ADD, SUBTRACT ->
          Node.computed(x.tensor().binary(kind, y.tensor()), x.bound() + y.bound(), sum);
      case MULTIPLY -> Node.computed(x.tensor().times(y.tensor()), x.bound() * y.bound(), product);
      case MAXIMUM, MINIMUM ->
          new Node(
              x.tensor().binary(kind, y.tensor()),
              Math.max(x.bound(), y.bound()),
              Math.max(x.error(), y.error()));
      case DIVIDE -> {
        Node below = plusOne(squareOf(y));
        yield Node.computed(
            x.tensor().dividedBy(below.tensor()), x.bound(), x.error() + below.error() * x.bound());
      }
      case POWER -> {
        Node base = plusOne(squareOf(squashed(x)));
        Node exponent = squashed(y);
        // b^e with b from 1 to 2 and e from -1 to 1.
        yield Node.computed(
            base.tensor().pow(exponent.tensor()), 2, 2 * (base.error() + exponent.error()));
      }
      case REMAINDER, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL ->
          x.isExact() && y.isExact() && kind == BinaryKind.REMAINDER
              ? Node.exact(remainder(x.tensor(), y.tensor()), x.bound())
              : Node.computed(x.tensor().plus(y.tensor()), x.bound() + y.bound(), sum);
    };
  }

  /** A mask of two operands that are the same on every device. */
  Node compare(Node x, Node y) {
    return Node.exact(x.tensor().compare(any(Comparison.values()), y.tensor()), 1);
  }

  Node select(Node mask, Node x, Node y) {
    return new Node(
        mask.tensor().select(x.tensor(), y.tensor()),
        Math.max(x.bound(), y.bound()),
        Math.max(x.error(), y.error()));
  }

  /** Another element type. */
  Node convert(Node x) {
    if (x.tensor().dtype() == DType.BOOL || !x.isFloat()) {
      return random.nextBoolean()
          ? toFloat(x)
          : x.moved(x.tensor().convert(any(INTEGERS.toArray(DType[]::new))));
    }
    if (x.isExact() && random.nextInt(3) == 0) {
      return Node.exact(x.tensor().convert(DType.I32), x.bound());
    }
    DType[] floats = {DType.F32, DType.F32, DType.F64, DType.BF16, DType.F16};
    Tensor converted = x.tensor().convert(any(floats));
    return Node.computed(converted, x.bound(), x.error());
  }

  /** The bits of one type read as another; floats only towards integers. */
  Node bitcast(Node x) {
    return switch (x.tensor().dtype()) {
      case F32 -> x.isExact() ? Node.exact(x.tensor().bitcast(DType.U32), 0) : x;
      case I32 -> x.moved(x.tensor().bitcast(DType.U32));
      case U32 -> x.moved(x.tensor().bitcast(DType.I32));
      case I8 -> x.moved(x.tensor().bitcast(DType.U8));
      case U8 -> x.moved(x.tensor().bitcast(DType.I8));
      case F64, BF16, F16, I64, BOOL -> x;
    };
  }

  private static boolean isSigned(Node x) {
    return x.tensor().dtype().isInteger() && !x.tensor().dtype().isUnsigned();
  }

  /** A float within 8 of zero made of an integer or of a boolean. */
  private static Node toFloat(Node x) {
    Tensor small = x.tensor();
    if (small.dtype() != DType.BOOL) {
      small = small.and(Tensors.fill(small.shape(), 7));
    }
    return Node.exact(small.convert(DType.F32), 7);
  }

  /** Within 1 of zero. */
  static Node squashed(Node x) {
    return x.bound() <= 1 ? x : Node.computed(x.tensor().tanh(), 1, x.error());
  }

  private static Node squareOf(Node x) {
    double bound = x.bound() * x.bound();
    double error = 2 * x.bound() * x.error() + x.error() * x.error();
    return Node.computed(x.tensor().square(), bound, error);
  }

  private static Node plusOne(Node x) {
    return Node.computed(x.tensor().plus(1), x.bound() + 1, x.error());
  }

  /** Between 1 and 7, whatever the integer type. */
  private static Tensor positive(Tensor x) {
    Tensor low = x.and(Tensors.fill(x.shape(), 7));
    return Tensors.maximum(low, Tensors.fill(x.shape(), 1));
  }

  private static Tensor remainder(Tensor x, Tensor y) {
    Tensor magnitude = y.unary(UnaryKind.ABS).plus(0.5);
    return x.binary(BinaryKind.REMAINDER, magnitude.stopGradient());
  }
}
