package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * The 256 values that eight bits stand for (Dettmers et al. 2022, "8-bit Optimizers via Block-wise
 * Quantization", section 1.2 and figure 1), in ascending order: 0, 1, and seven decades below 1,
 * each with twice as many values as the one below it, evenly spaced.
 */
enum DynamicMap {
  /** From -0.993 to 1, half of the values below 0. */
  SIGNED(1),
  /** From 0 to 1. */
  UNSIGNED(2);

  private static final int DECADES = 7;
  private static final int VALUES = 256;
  private static final String AXIS = "code";

  /** Values of the lowest decade, on each side of 0. */
  private final int lowest;

  DynamicMap(int lowest) {
    this.lowest = lowest;
  }

  /** The value of each code. */
  List<Double> table() {
    List<Double> positive = new ArrayList<>();
    for (int decade = 0; decade < DECADES; decade++) {
      int count = lowest << decade;
      for (int i = 0; i < count; i++) {
        positive.add((double) (float) (scale(decade) * (0.1 + 0.9 * (i + 0.5) / count)));
      }
    }
    List<Double> all = new ArrayList<>();
    if (this == SIGNED) {
      positive.reversed().forEach(value -> all.add(-value));
    }
    all.add(0.0);
    all.addAll(positive);
    all.add(1.0);
    return all;
  }

  /** The code of 0, which is the number of codes below it. */
  private int zero() {
    return this == SIGNED ? (lowest << DECADES) - lowest : 0;
  }

  private static double scale(int decade) {
    return Math.pow(10, decade - (DECADES - 1));
  }

  /** The values of codes, f32. */
  Tensor values(Tensor codes) {
    Axis axis = new Axis(AXIS, VALUES);
    return Tensors.literal(Shape.of(DType.F32, axis), table()).take(AXIS, codes.convert(DType.I32));
  }

  /**
   * The codes, u8, of the values nearest to f32 numbers between -1 and 1, or 0 and 1.
   *
   * <p>Within a decade values are evenly spaced, so the code is the number of the decade's first
   * value and a quotient; where decades meet, and next to 0 and 1, borders are halfway as
   * everywhere.
   */
  Tensor codes(Tensor numbers) {
    List<Double> table = table();
    Tensor size = numbers.unary(UnaryKind.ABS);
    // Below the middle between 0 and the lowest value.
    Tensor code = Tensors.zerosLike(size);
    int first = 1;
    for (int decade = 0; decade < DECADES; decade++) {
      int count = lowest << decade;
      double width = 0.9 * scale(decade) / count;
      double start = 0.1 * scale(decade);
      Tensor place = size.minus(start).times(1 / width).unary(UnaryKind.FLOOR).plus(first);
      Tensor held =
          Tensors.minimum(
              Tensors.maximum(place, Tensors.fill(place.shape(), first)),
              Tensors.fill(place.shape(), first + count - 1.0));
      code = size.compare(Comparison.GT, border(table, first)).select(held, code);
      first += count;
    }
    if (this == SIGNED) {
      // There is no -1.
      Tensor below = numbers.compare(Comparison.LT, 0);
      Tensor one = size.compare(Comparison.GT, border(table, first));
      Tensor positive = one.select(Tensors.fill(code.shape(), first), code);
      return below.select(code.negate(), positive).plus(zero()).convert(DType.U8);
    }
    return size.compare(Comparison.GT, border(table, first))
        .select(Tensors.fill(code.shape(), first), code)
        .convert(DType.U8);
  }

  /** The middle between the value so many codes above 0 and the one before it. */
  private double border(List<Double> table, int above) {
    return (table.get(zero() + above) + table.get(zero() + above - 1)) / 2;
  }
}
