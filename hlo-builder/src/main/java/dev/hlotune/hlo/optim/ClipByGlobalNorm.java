package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Scales all gradients down together so that their joint Euclidean norm is at most {@code maxNorm}
 * (Pascanu, Mikolov and Bengio 2013, algorithm 1), as {@code torch.nn.utils.clip_grad_norm_} does:
 * by {@code min(1, maxNorm / (norm + 1e-6))}. Logs the norm before clipping as {@code grad_norm}.
 *
 * @param maxNorm above 0; infinite to measure the norm alone
 */
public record ClipByGlobalNorm(double maxNorm) implements GradientTransformation {
  /** The metric's name. */
  public static final String GRAD_NORM = "grad_norm";

  public ClipByGlobalNorm {
    if (!(maxNorm > 0)) {
      throw new ShapeException("clipping norm: expected a number above 0, got " + maxNorm);
    }
  }

  /** Logs the norm and changes nothing. */
  public static ClipByGlobalNorm measured() {
    return new ClipByGlobalNorm(Double.POSITIVE_INFINITY);
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor norm = globalNorm(updates);
    ParamMap<Tensor> metrics = ParamMap.<Tensor>empty().plus(GRAD_NORM, norm);
    if (Double.isInfinite(maxNorm)) {
      return new Result(updates, ParamMap.empty(), metrics);
    }
    Tensor limit = Tensors.scalar(DType.F32, maxNorm);
    Tensor scale = Tensors.minimum(limit.dividedBy(norm.plus(1e-6)), Tensors.scalar(DType.F32, 1));
    return new Result(
        updates.map(update -> update.times(scale.like(update))), ParamMap.empty(), metrics);
  }

  /** The Euclidean norm of all tensors taken for one vector, as an f32 scalar. */
  public static Tensor globalNorm(ParamMap<Tensor> tensors) {
    Tensor sum = Tensors.scalar(DType.F32, 0);
    for (Tensor tensor : tensors.values()) {
      sum = sum.plus(tensor.convert(DType.F32).square().total());
    }
    return sum.sqrt();
  }
}
