package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import java.util.List;

/** Layers without state: weights go in, nothing is remembered. */
public final class Layers {
  private Layers() {}

  /** Rows of {@code table} {@code [vocabulary, …]} picked by ids. */
  public static Tensor embedding(Tensor table, String vocabulary, Tensor ids) {
    return table.take(vocabulary, ids);
  }

  /**
   * {@code x · weight + bias}, contracting the axes that {@code x} and the weight share.
   *
   * @param bias the weight's other axes
   */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    Tensor product = linear(x, weight);
    return product.plus(bias.like(product));
  }

  /** {@code x · weight}, contracting the axes that they share. */
  public static Tensor linear(Tensor x, Tensor weight) {
    List<String> shared =
        weight.shape().names().stream().filter(name -> x.shape().has(name)).toList();
    return x.dot(weight, x.dtype(), shared);
  }

  /**
   * Layer normalization (Ba, Kiros and Hinton 2016, eq. 4), computed in f32.
   *
   * @param axis what is normalized over
   * @param weight gain, along {@code axis}
   * @param bias offset, along {@code axis}
   */
  public static Tensor layerNorm(
      Tensor x, String axis, Tensor weight, Tensor bias, double epsilon) {
    Tensor wide = x.convert(DType.F32);
    Tensor centered = wide.minus(wide.mean(axis).like(wide));
    Tensor scale = centered.square().mean(axis).plus(epsilon).rsqrt();
    Tensor normal = centered.times(scale.like(wide)).convert(x.dtype());
    return normal.times(weight.like(x)).plus(bias.like(x));
  }

  /**
   * Root-mean-square normalization (Zhang and Sennrich 2019, eq. 4) without a gain, computed in
   * f32.
   *
   * @param axis what is normalized over
   */
  public static Tensor rmsNorm(Tensor x, String axis, double epsilon) {
    return wideRmsNorm(x, axis, epsilon).convert(x.dtype());
  }

  /** As above, still in f32. */
  static Tensor wideRmsNorm(Tensor x, String axis, double epsilon) {
    Tensor wide = x.convert(DType.F32);
    Tensor scale = wide.square().mean(axis).plus(epsilon).rsqrt();
    return wide.times(scale.like(wide));
  }
}
