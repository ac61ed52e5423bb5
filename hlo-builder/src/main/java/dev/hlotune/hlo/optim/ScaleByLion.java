package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Lion's direction (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm
 * 2): the sign of the gradient mixed into its running mean, as {@code optax.lion} computes it.
 *
 * <p>State: the running mean of every weight.
 *
 * @param beta1 the mean's part of the direction, at least 0 and below 1
 * @param beta2 decay of the mean, at least 0 and below 1
 * @param stored the type in which the mean is kept from step to step
 */
public record ScaleByLion(double beta1, double beta2, DType stored)
    implements GradientTransformation {
  private static final String MEAN = "lion.m.";

  public ScaleByLion {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new ShapeException(
          "lion: expected betas of at least 0 and below 1, got " + beta1 + ", " + beta2);
    }
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return parameters.map(shape -> shape.withDtype(stored)).prefixed(MEAN);
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    ParamMap<Tensor> means = state.under(MEAN).map(m -> m.convert(DType.F32));
    ParamMap<Tensor> directions =
        updates.with(means, (g, m) -> mixed(m, g, beta1).unary(UnaryKind.SIGN));
    ParamMap<Tensor> after = updates.with(means, (g, m) -> mixed(m, g, beta2).convert(stored));
    return new Result(directions, after.prefixed(MEAN), ParamMap.empty());
  }

  private static Tensor mixed(Tensor mean, Tensor gradient, double beta) {
    return mean.times(beta).plus(gradient.times(1 - beta));
  }
}
