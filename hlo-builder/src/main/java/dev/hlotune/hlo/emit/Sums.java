package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import java.util.List;

/**
 * Sums of many terms of a narrow floating-point type. Their partial sums are f32 and the end is
 * rounded once: a bf16 sum of ones would never get past 256, and compilers do keep partial sums in
 * the type that the text names.
 */
final class Sums {
  private Sums() {}

  /** The type of the partial sums of terms of this type. */
  static DType type(DType terms) {
    return terms == DType.BF16 || terms == DType.F16 ? DType.F32 : terms;
  }

  /** The same values in another type, if it is another. */
  static Value as(Writer writer, Value value, DType dtype) {
    return value.dtype() == dtype
        ? value
        : writer.apply(dtype, value.order(), "stablehlo.convert", List.of(value), "");
  }
}
