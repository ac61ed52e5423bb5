package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Muon's direction (Jordan et al. 2024) as nanochat has it: the gradient's running mean, looked
 * ahead, with its singular values brought near 1, times a factor that goes with the matrix's shape.
 *
 * <p>State: the running mean of every weight, and the number of steps done as an i32 scalar where
 * the momentum has a warm-up. Each layer of a stacked weight is a matrix of its own; of a weight
 * with more than two axes, such as experts, the last two are the matrix.
 *
 * @param momentum how the running mean is formed
 * @param steps of the {@link NewtonSchulz} iteration
 * @param compute the type of its products
 * @param adjustment the factor by the matrix's shape
 * @param inputsFirst the names, as in files, of linear layers stored {@code [in, out]}; all others
 *     are {@code [out, in]}
 * @param stored the type in which the mean is kept from step to step
 */
public record ScaleByMuon(
    Momentum momentum,
    int steps,
    DType compute,
    Adjustment adjustment,
    Predicate<String> inputsFirst,
    DType stored)
    implements GradientTransformation {
  private static final String MEAN = "muon.m.";
  private static final String COUNT = "muon.count";

  /**
   * The running mean {@code m = momentum * m + (1 - momentum) * gradient}.
   *
   * @param value at least 0 and below 1
   * @param start what it begins with
   * @param warmupSteps over which it goes from {@code start} to {@code value}; 0 for none
   * @param nesterov whether the mean is mixed with the gradient once more for the direction
   */
  public record Momentum(double value, double start, int warmupSteps, boolean nesterov) {
    public Momentum {
      if (!(value >= 0 && value < 1 && start >= 0 && start < 1 && warmupSteps >= 0)) {
        throw new ShapeException(
            "muon: expected momenta of at least 0 and below 1 and no negative number of steps, got "
                + value
                + ", "
                + start
                + ", "
                + warmupSteps);
      }
    }
  }

  /**
   * The factor of a matrix's rate, named as the {@code adjust_lr_fn} of {@code torch.optim.Muon}.
   */
  public enum Adjustment {
    /** √max(1, out / in), as nanochat and the original. */
    ORIGINAL,
    /** 0.2 √max(out, in): steps of about AdamW's size (Liu et al. 2025, "Muon is Scalable"). */
    MATCH_RMS_ADAMW,
    /** √(out / in) (Bernstein 2025, "Deriving Muon"). */
    SPECTRAL_UNCLAMPED;

    double factor(int outputs, int inputs) {
      return switch (this) {
        case ORIGINAL -> Math.sqrt(Math.max(1, (double) outputs / inputs));
        case MATCH_RMS_ADAMW -> 0.2 * Math.sqrt(Math.max(outputs, inputs));
        case SPECTRAL_UNCLAMPED -> Math.sqrt((double) outputs / inputs);
      };
    }
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<Shape> means = parameters.map(shape -> shape.withDtype(stored)).prefixed(MEAN);
    return momentum.warmupSteps == 0 ? means : means.plus(COUNT, Shape.of(DType.I32));
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor rate = rate(state);
    ParamMap<Tensor> means =
        updates.with(state.under(MEAN), (g, m) -> mixed(m.convert(DType.F32), g, rate));
    ParamMap<Tensor> looked =
        momentum.nesterov ? updates.with(means, (g, m) -> mixed(m, g, rate)) : means;
    ParamMap<Tensor> directions =
        looked.map(
            (name, tensor) -> direction(name, tensor, context.parameters().get(name).shape()));
    ParamMap<Tensor> after = means.map(m -> m.convert(stored)).prefixed(MEAN);
    if (momentum.warmupSteps != 0) {
      after = after.plus(COUNT, state.get(COUNT).plus(1));
    }
    return new Result(directions, after, ParamMap.empty());
  }

  /** The momentum of this step. */
  private Tensor rate(ParamMap<Tensor> state) {
    Tensor value = Tensors.scalar(DType.F32, momentum.value);
    if (momentum.warmupSteps == 0) {
      return value;
    }
    Tensor done = state.get(COUNT).convert(DType.F32).times(1.0 / momentum.warmupSteps);
    Tensor share = Tensors.minimum(done, Tensors.scalar(DType.F32, 1));
    return share.times(momentum.value - momentum.start).plus(momentum.start);
  }

  private static Tensor mixed(Tensor mean, Tensor gradient, Tensor rate) {
    return gradient.plus(mean.minus(gradient).times(rate.like(mean)));
  }

  private Tensor direction(String name, Tensor tensor, Shape shape) {
    List<String> axes =
        shape.names().stream().filter(axis -> !axis.equals(LayerStack.AXIS)).toList();
    if (axes.size() < 2) {
      throw new ShapeException("muon, \"" + name + "\": expected a matrix, got " + shape);
    }
    boolean transposed = inputsFirst.test(PerWeight.names(name, shape).getFirst());
    String out = axes.get(axes.size() - (transposed ? 1 : 2));
    String in = axes.get(axes.size() - (transposed ? 2 : 1));
    double factor = adjustment.factor(shape.axis(out).size(), shape.axis(in).size());
    return new NewtonSchulz(steps, compute).apply(tensor, out, in).times(factor);
  }
}
