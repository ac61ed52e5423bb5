package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;

/** Derivatives of the elementwise functions. */
final class ElementwiseRules {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  private ElementwiseRules() {}

  /**
   * Passes {@code dy} back through {@code y = f(x)}.
   *
   * @param y the result
   * @param dy its cotangent
   */
  static void unary(Pullback back, Op.Unary op, Tensor y, Tensor dy) {
    Tensor x = op.operand();
    switch (op.kind()) {
      case NEGATE -> back.add(x, dy.negate());
      case ABS -> back.add(x, dy.times(x.unary(UnaryKind.SIGN)));
      case EXP -> back.add(x, dy.times(y));
      case LOG -> back.add(x, dy.dividedBy(x));
      case LOG1P -> back.add(x, dy.dividedBy(x.plus(1)));
      case TANH -> back.add(x, dy.minus(dy.times(y.square())));
      case LOGISTIC -> back.add(x, dy.times(y.minus(y.square())));
      case SQRT -> back.add(x, dy.times(0.5).dividedBy(y));
      case RSQRT -> back.add(x, dy.times(-0.5).times(y).dividedBy(x));
      case SIN -> back.add(x, dy.times(x.unary(UnaryKind.COS)));
      case COS -> back.add(x, dy.times(x.unary(UnaryKind.SIN)).negate());
      case ERF -> back.add(x, dy.times(x.square().negate().exp()).times(TWO_OVER_ROOT_PI));
      case SIGN, FLOOR, NOT -> {}
    }
  }

  /**
   * Passes {@code dy} back through {@code z = f(x, y)}.
   *
   * @param z the result
   * @param dz its cotangent
   */
  static void binary(Pullback back, Op.Binary op, Tensor z, Tensor dz) {
    Tensor x = op.left();
    Tensor y = op.right();
    switch (op.kind()) {
      case ADD -> {
        back.add(x, dz);
        back.add(y, dz);
      }
      case SUBTRACT -> {
        back.add(x, dz);
        back.add(y, dz.negate());
      }
      case MULTIPLY -> {
        back.add(x, dz.times(y));
        back.add(y, dz.times(x));
      }
      case DIVIDE -> {
        back.add(x, dz.dividedBy(y));
        back.add(y, dz.times(z).dividedBy(y).negate());
      }
      case MAXIMUM, MINIMUM -> {
        // Equal operands share the cotangent, as in JAX.
        Tensor half = dz.times(0.5);
        Tensor tie = x.compare(Comparison.EQ, y);
        Tensor left = z.compare(Comparison.EQ, x);
        Tensor none = Tensors.zerosLike(dz);
        back.add(x, tie.select(half, left.select(dz, none)));
        back.add(y, tie.select(half, left.select(none, dz)));
      }
      case POWER -> {
        // x^0 is 1 everywhere; its derivative must not become 0 times infinity at 0, as in JAX.
        Tensor zero = y.compare(Comparison.EQ, 0);
        Tensor less = zero.select(Tensors.fill(y.shape(), 1), y.minus(1));
        back.add(x, dz.times(y).times(x.pow(less)));
        Tensor positive = x.compare(Comparison.GT, 0);
        Tensor safe = positive.select(x, Tensors.fill(x.shape(), 1));
        back.add(y, dz.times(z).times(safe.log()));
      }
      case REMAINDER -> {
        back.add(x, dz);
        Tensor ratio = x.dividedBy(y);
        Tensor whole =
            ratio.unary(UnaryKind.ABS).unary(UnaryKind.FLOOR).times(ratio.unary(UnaryKind.SIGN));
        back.add(y, dz.times(whole).negate());
      }
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL -> {}
    }
  }
}
