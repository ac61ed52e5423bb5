package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rotary position embedding (Su et al. 2021, eq. 34) in the layout of Hugging Face's Llama: element
 * i is rotated together with element i + head_dim/2.
 *
 * @param cosine {@code [batch, seq, half]}
 * @param sine {@code [batch, seq, half]}
 */
public record Rotary(Tensor cosine, Tensor sine) {
  private static final String HALF = "half";

  /**
   * The angles of every position.
   *
   * @param positions i32 {@code [batch, seq]}, restarting at 0 with every segment
   * @param size elements of a head
   * @param theta base of the geometric series of wavelengths
   */
  public static Rotary of(Tensor positions, int size, double theta) {
    Axis half = new Axis(HALF, size / 2);
    List<Double> frequencies =
        IntStream.range(0, half.size())
            .mapToObj(i -> (double) (float) (1 / Math.pow(theta, 2.0 * i / size)))
            .toList();
    Tensor table = Tensors.literal(Shape.of(DType.F32, half), frequencies);
    Tensor angles = positions.convert(DType.F32).dot(table);
    return new Rotary(angles.unary(UnaryKind.COS), angles.unary(UnaryKind.SIN));
  }

  /** Rotates {@code x}, which has {@code [batch, seq, axis, …]}, along {@code axis}. */
  public Tensor rotate(Tensor x, String axis) {
    int half = x.axis(axis).size() / 2;
    Tensor first = x.slice(axis, 0, half);
    Tensor second = x.slice(axis, half, half);
    Tensor cos = cosine.rename(HALF, axis).convert(x.dtype()).like(first);
    Tensor sin = sine.rename(HALF, axis).convert(x.dtype()).like(first);
    return Tensors.concat(
        axis,
        List.of(
            first.times(cos).minus(second.times(sin)), second.times(cos).plus(first.times(sin))));
  }
}
