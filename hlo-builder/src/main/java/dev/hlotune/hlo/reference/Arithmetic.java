package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Sums, products and orders. Floats are summed in double precision, integers wrap around. */
final class Arithmetic {
  private Arithmetic() {}

  static double add(DType dtype, double x, double y) {
    return Scalars.binary(BinaryKind.ADD, dtype, x, y);
  }

  static NdArray reduce(Op.Reduce reduce, NdArray operand, Shape result) {
    DType dtype = operand.shape().dtype();
    double[] values = NdArray.filled(result, start(reduce.kind(), dtype)).values();
    int[] target = Offsets.of(operand.shape().axes(), result);
    for (int i = 0; i < target.length; i++) {
      double value = operand.values()[i];
      double sum = values[target[i]];
      values[target[i]] =
          switch (reduce.kind()) {
            case SUM -> add(dtype, sum, value);
            case MAX -> Math.max(sum, value);
            case MIN -> Math.min(sum, value);
          };
    }
    return new NdArray(result, values);
  }

  /** What a reduction of nothing gives. */
  private static double start(ReduceKind kind, DType dtype) {
    return switch (kind) {
      case SUM -> 0;
      case MAX -> dtype.isFloat() ? Double.NEGATIVE_INFINITY : Rounding.lowest(dtype);
      case MIN -> dtype.isFloat() ? Double.POSITIVE_INFINITY : Rounding.highest(dtype);
    };
  }

  static NdArray dot(Op.Dot dot, NdArray left, NdArray right, Shape result) {
    List<Axis> contracted = dot.contracted().stream().map(left.shape()::axis).toList();
    int[] leftStarts = Offsets.of(result.axes(), left.shape());
    int[] rightStarts = Offsets.of(result.axes(), right.shape());
    int[] leftSteps = Offsets.of(contracted, left.shape());
    int[] rightSteps = Offsets.of(contracted, right.shape());
    boolean whole = !left.shape().dtype().isFloat();
    double[] values = new double[leftStarts.length];
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      long wholeSum = 0;
      for (int k = 0; k < leftSteps.length; k++) {
        double x = left.values()[leftStarts[i] + leftSteps[k]];
        double y = right.values()[rightStarts[i] + rightSteps[k]];
        if (whole) {
          wholeSum += ((long) x) * ((long) y);
        } else {
          sum += x * y;
        }
      }
      values[i] = whole ? wholeOrFloat(result.dtype(), wholeSum) : sum;
    }
    return new NdArray(result, values);
  }

  private static double wholeOrFloat(DType dtype, long value) {
    return dtype.isFloat() ? value : Rounding.wrap(dtype, value);
  }

  /** Every line along the axis gets the order of the first operand's line; NaN comes last. */
  static List<NdArray> sort(List<NdArray> operands, String axis) {
    NdArray keys = operands.getFirst();
    int size = keys.shape().axis(axis).size();
    List<Axis> lines = keys.shape().without(List.of(axis)).axes();
    int[] keyStarts = Offsets.of(lines, keys.shape());
    int keyStride = Offsets.stride(keys.shape(), axis);
    List<NdArray> sorted = new ArrayList<>();
    operands.forEach(operand -> sorted.add(NdArray.filled(operand.shape(), 0)));
    for (int line = 0; line < keyStarts.length; line++) {
      int start = keyStarts[line];
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      // Adding 0.0 makes -0.0 equal to 0.0, as a comparison of floats has it.
      Arrays.sort(
          order, Comparator.comparingDouble(i -> keys.values()[start + i * keyStride] + 0.0));
      for (int n = 0; n < operands.size(); n++) {
        NdArray operand = operands.get(n);
        int stride = Offsets.stride(operand.shape(), axis);
        int base = Offsets.of(lines, operand.shape())[line];
        for (int i = 0; i < size; i++) {
          sorted.get(n).values()[base + i * stride] = operand.values()[base + order[i] * stride];
        }
      }
    }
    return sorted;
  }
}
