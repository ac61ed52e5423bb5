package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Adam's direction (Kingma and Ba 2015, algorithm 1): the corrected first moment over the root of
 * the corrected second moment plus {@code eps}, as {@code torch.optim.AdamW} computes it.
 *
 * <p>State: both moments of every weight, and the number of steps done as an i32 scalar. The second
 * moment is always f32: where {@code beta2} is near 1, a step changes it by less than the last bit
 * of bf16, and it would never shrink again.
 *
 * @param beta1 decay of the first moment, at least 0 and below 1
 * @param beta2 decay of the second moment, at least 0 and below 1
 * @param eps added outside the root
 * @param first the type in which the first moment is kept from step to step
 */
public record ScaleByAdam(double beta1, double beta2, double eps, DType first)
    implements GradientTransformation {
  private static final String FIRST = "adam.m.";
  private static final String SECOND = "adam.v.";
  private static final String COUNT = "adam.count";

  public ScaleByAdam {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps >= 0)) {
      throw new ShapeException(
          "adam: expected betas of at least 0 and below 1 and eps of at least 0, got "
              + beta1
              + ", "
              + beta2
              + ", "
              + eps);
    }
  }

  /** Both moments in f32. */
  public ScaleByAdam(double beta1, double beta2, double eps) {
    this(beta1, beta2, eps, DType.F32);
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<Shape> moments = parameters.map(shape -> shape.withDtype(DType.F32));
    return moments
        .map(shape -> shape.withDtype(first))
        .prefixed(FIRST)
        .plus(moments.prefixed(SECOND))
        .plus(COUNT, Shape.of(DType.I32));
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor count = state.get(COUNT).plus(1);
    Tensor steps = count.convert(DType.F32);
    Tensor correction1 = oneMinusPower(beta1, steps);
    Tensor correction2 = oneMinusPower(beta2, steps);
    ParamMap<Tensor> means =
        updates.with(
            state.under(FIRST),
            (g, m) -> m.convert(DType.F32).times(beta1).plus(g.times(1 - beta1)));
    ParamMap<Tensor> squares =
        updates.with(
            state.under(SECOND), (g, v) -> v.times(beta2).plus(g.square().times(1 - beta2)));
    ParamMap<Tensor> directions =
        means.with(
            squares,
            (m, v) -> {
              Tensor root = v.dividedBy(correction2.like(v)).sqrt().plus(eps);
              return m.dividedBy(correction1.like(m)).dividedBy(root);
            });
    ParamMap<Tensor> after =
        means
            .map(m -> m.convert(first))
            .prefixed(FIRST)
            .plus(squares.prefixed(SECOND))
            .plus(COUNT, count);
    return new Result(directions, after, ParamMap.empty());
  }

  /**
   * 1 - beta^steps. Written down like this, half the digits of f32 cancel where beta is near 1;
   * with u = -steps ln(beta) it is 1 - e^-u = 2 t / (1 + t), t = tanh(u / 2), in which none do.
   */
  static Tensor oneMinusPower(double beta, Tensor steps) {
    if (beta == 0) {
      return Tensors.fill(steps.shape(), 1);
    }
    Tensor t = steps.times(-Math.log(beta) / 2).tanh();
    return t.times(2).dividedBy(t.plus(1));
  }
}
