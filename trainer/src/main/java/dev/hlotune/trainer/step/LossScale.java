package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Dynamic scaling of the loss for computing in f16 (Micikevicius et al. 2018, section 3.2), with
 * the numbers of torch's {@code GradScaler}: it starts at 2^16, halves where a gradient overflows,
 * which leaves the step out, and doubles after 2,000 steps without.
 *
 * <p>State, zero at the start: by how much the exponent differs from 16, and the steps since it
 * last changed.
 *
 * @param exponent i32 scalar
 * @param steps i32 scalar
 */
record LossScale(Tensor exponent, Tensor steps) {
  private static final String EXPONENT = "loss_scale.exponent";
  private static final String STEPS = "loss_scale.steps";
  private static final int FIRST = 16;
  private static final int INTERVAL = 2_000;

  /** The smallest scale: the least normal f16. */
  static final float LEAST = 0x1p-14f;

  /** The largest f32 that counts as a number here. */
  private static final double LARGEST = 3e38;

  /** Shapes of the state. */
  static ParamMap<Shape> init() {
    return ParamMap.<Shape>empty()
        .plus(EXPONENT, Shape.of(DType.I32))
        .plus(STEPS, Shape.of(DType.I32));
  }

  static LossScale of(ParamMap<Tensor> state) {
    return new LossScale(state.get(EXPONENT), state.get(STEPS));
  }

  /** The scale itself, f32: a power of two, exact. */
  Tensor scale() {
    // The exponent of an f32 stands above its 23 bits of fraction, with 127 added.
    return exponent.plus(FIRST + 127).times(1 << 23).bitcast(DType.F32);
  }

  /** Whether a gradient of this norm is one. */
  static Tensor isNumber(Tensor norm) {
    return norm.compare(Comparison.LT, LARGEST);
  }

  /** The state after a step. */
  ParamMap<Tensor> next(Tensor isNumber) {
    Tensor none = Tensors.scalar(DType.I32, 0);
    Tensor done = steps.plus(1);
    Tensor grows = done.compare(Comparison.GE, INTERVAL);
    // 2^-14 is the least normal f16; above 2^24 a loss of one would have no room in f32 sums.
    Tensor larger = Tensors.minimum(exponent.plus(1), Tensors.scalar(DType.I32, 24 - FIRST));
    Tensor smaller = Tensors.maximum(exponent.minus(1), Tensors.scalar(DType.I32, -14 - FIRST));
    return ParamMap.<Tensor>empty()
        .plus(EXPONENT, isNumber.select(grows.select(larger, exponent), smaller))
        .plus(STEPS, isNumber.select(grows.select(none, done), none));
  }
}
