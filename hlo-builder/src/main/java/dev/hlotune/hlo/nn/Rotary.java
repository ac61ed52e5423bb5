package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotary position embedding (Su et al. 2021, eq. 34) in the layout of Hugging Face's Llama: element
 * i is rotated together with element i + size/2, where size is twice the number of angles; elements
 * beyond are left as they are. {@link Rope} makes the angles.
 *
 * @param cosine {@code [batch, seq, half]}
 * @param sine {@code [batch, seq, half]}
 */
public record Rotary(Tensor cosine, Tensor sine) {
  static final String HALF = "half";

  /** Rotates {@code x}, which has {@code [batch, seq, axis, …]}, along {@code axis}. */
  public Tensor rotate(Tensor x, String axis) {
    int half = cosine.axis(HALF).size();
    Tensor first = x.slice(axis, 0, half);
    Tensor second = x.slice(axis, half, half);
    Tensor cos = cosine.rename(HALF, axis).convert(x.dtype()).like(first);
    Tensor sin = sine.rename(HALF, axis).convert(x.dtype()).like(first);
    List<Tensor> parts = new ArrayList<>();
    parts.add(first.times(cos).minus(second.times(sin)));
    parts.add(second.times(cos).plus(first.times(sin)));
    int rest = x.axis(axis).size() - 2 * half;
    if (rest > 0) {
      parts.add(x.slice(axis, 2 * half, rest));
    }
    return Tensors.concat(axis, parts);
  }

  /** The rotation with cosine and sine rounded to a type. */
  public Rotary rounded(DType dtype) {
    return new Rotary(cosine.convert(dtype), sine.convert(dtype));
  }

  /** The rotation by the negative angles. */
  public Rotary reversed() {
    return new Rotary(cosine, sine.negate());
  }
}
