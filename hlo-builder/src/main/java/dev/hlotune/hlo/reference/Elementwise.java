package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.DType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Arrays combined element by element. */
final class Elementwise {
  private Elementwise() {}

  static double convert(double value, DType from, DType to) {
    return to.isInteger() && from.isFloat() ? Rounding.truncate(to, value) : value;
  }

  static NdArray select(NdArray condition, NdArray onTrue, NdArray onFalse) {
    double[] conditions = condition.ordered(onTrue.shape().axes()).values();
    double[] others = onFalse.ordered(onTrue.shape().axes()).values();
    double[] selected = onTrue.values().clone();
    for (int i = 0; i < selected.length; i++) {
      if (conditions[i] == 0) {
        selected[i] = others[i];
      }
    }
    return new NdArray(onTrue.shape(), selected);
  }

  static NdArray map(NdArray array, DType dtype, DoubleUnaryOperator change) {
    double[] changed = new double[array.values().length];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = change.applyAsDouble(array.values()[i]);
    }
    return new NdArray(array.shape().withDtype(dtype), changed);
  }

  static NdArray zip(NdArray left, NdArray right, DType dtype, DoubleBinaryOperator join) {
    double[] others = right.ordered(left.shape().axes()).values();
    double[] joined = new double[others.length];
    for (int i = 0; i < joined.length; i++) {
      joined[i] = join.applyAsDouble(left.values()[i], others[i]);
    }
    return new NdArray(left.shape().withDtype(dtype), joined);
  }
}
