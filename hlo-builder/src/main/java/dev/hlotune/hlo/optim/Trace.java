package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Momentum as {@code torch.optim.SGD} has it: {@code buffer = momentum * buffer + gradient}.
 *
 * @param momentum at least 0 and below 1
 * @param nesterov whether the gradient is looked ahead: {@code gradient + momentum * buffer}
 * @param stored the type in which the buffer is kept from step to step
 */
public record Trace(double momentum, boolean nesterov, DType stored)
    implements GradientTransformation {
  private static final String BUFFER = "momentum.";

  public Trace {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new ShapeException("momentum: expected at least 0 and below 1, got " + momentum);
    }
  }

  /** The buffer in f32. */
  public Trace(double momentum, boolean nesterov) {
    this(momentum, nesterov, DType.F32);
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return parameters.map(shape -> shape.withDtype(stored)).prefixed(BUFFER);
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    ParamMap<Tensor> buffers =
        updates.with(
            state.under(BUFFER), (g, buffer) -> buffer.convert(DType.F32).times(momentum).plus(g));
    ParamMap<Tensor> directions =
        nesterov ? updates.with(buffers, (g, buffer) -> g.plus(buffer.times(momentum))) : buffers;
    return new Result(
        directions, buffers.map(b -> b.convert(stored)).prefixed(BUFFER), ParamMap.empty());
  }
}
