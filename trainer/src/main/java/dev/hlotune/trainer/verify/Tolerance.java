package dev.hlotune.trainer.verify;

import dev.hlotune.hlo.DType;

/**
 * The relative differences that rounding alone may make. Packed and unpacked rows compute the same
 * sums with other zeros in between, so terms are added in another order; what is wrong, such as
 * documents that see one another, changes some parameter's gradient by about its own size.
 *
 * <p>In float32 the allowance is that of all comparisons of this project, 1e-4; what is found is
 * around 1e-6. A bfloat16 has 8 significant bits: each rounding is up to 2⁻⁹, 0.2 %, and dozens of
 * them follow one another on the way through the layers and back. What is found is up to 4e-4 in a
 * loss and 2e-2 in a gradient (docs/measurements.md); allowed is a few times that.
 *
 * @param type the type in which the model runs
 * @param loss of a sum of losses
 * @param gradient of one parameter's gradient, see {@link GradientDifference}
 */
public record Tolerance(DType type, double loss, double gradient) {

  /** The allowance for a model that runs in this type. */
  static Tolerance of(DType compute) {
    return compute == DType.F32
        ? new Tolerance(compute, 1e-4, 1e-4)
        : new Tolerance(compute, 1e-2, 1e-1);
  }
}
