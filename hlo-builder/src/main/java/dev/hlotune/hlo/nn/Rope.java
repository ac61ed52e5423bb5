package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * By which angles a family rotates queries and keys: the position times a frequency for each pair
 * of elements, theta^(-2i/size), and what a scaling for longer texts makes of it.
 *
 * @param size elements of a head that are rotated
 * @param theta base of the geometric series of wavelengths
 * @param scaling how the frequencies are stretched
 */
public record Rope(int size, double theta, RopeScaling scaling) {
  public Rope {
    if (size < 1 || !(theta > 0)) {
      throw new ShapeException(
          "rotary positions: expected a positive size and theta, got " + size + " and " + theta);
    }
    if (scaling instanceof RopeScaling.LongRope(List<Double> shorter, List<Double> longer, _, _)) {
      for (List<Double> factors : List.of(shorter, longer)) {
        if (factors.size() != (size + 1) / 2) {
          throw new ShapeException(
              "rotary scaling \"longrope\": expected "
                  + (size + 1) / 2
                  + " factors, one for each pair of elements, got "
                  + factors.size());
        }
      }
    }
  }

  /**
   * The rotation of every position.
   *
   * @param positions i32 {@code [batch, seq]}, restarting at 0 with every segment
   * @param context knows how long documents are
   */
  public Rotary at(Tensor positions, Context context) {
    Tensor angles = angles(positions, frequencies());
    if (scaling instanceof RopeScaling.LongRope(_, List<Double> longer, int original, _)) {
      context.turnsAfter(original);
      if (context.longest(positions) > original) {
        Tensor far = angles(positions, RopeScaling.divided(unscaled(), longer));
        Tensor isLong = context.lengths(positions).compare(Comparison.GT, original);
        angles = isLong.like(angles).select(far, angles);
      }
    }
    return new Rotary(
        amplified(angles.unary(UnaryKind.COS)), amplified(angles.unary(UnaryKind.SIN)));
  }

  /** Radians per position of every pair of elements, in texts that need no stretching. */
  public float[] frequencies() {
    return scaling.frequencies(unscaled());
  }

  private Tensor amplified(Tensor x) {
    double amplitude = scaling.amplitude();
    return amplitude == 1 ? x : x.times(amplitude);
  }

  private static Tensor angles(Tensor positions, float[] frequencies) {
    List<Double> values = new ArrayList<>();
    for (float frequency : frequencies) {
      values.add((double) frequency);
    }
    Axis half = new Axis(Rotary.HALF, frequencies.length);
    Tensor table = Tensors.literal(Shape.of(DType.F32, half), values);
    return positions.convert(DType.F32).dot(table);
  }

  /** The frequencies before scaling, rounded as torch rounds them in f32. */
  private float[] unscaled() {
    float[] frequencies = new float[(size + 1) / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = 2f * i / size;
      frequencies[i] = 1 / (float) Math.pow((float) theta, exponent);
    }
    return frequencies;
  }
}
