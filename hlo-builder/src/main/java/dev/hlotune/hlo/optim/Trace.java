package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Momentum as {@code torch.optim.SGD} has it: {@code buffer = momentum * buffer + gradient}, f32.
 *
 * @param momentum at least 0 and below 1
 * @param nesterov whether the gradient is looked ahead: {@code gradient + momentum * buffer}
 */
public record Trace(double momentum, boolean nesterov) implements GradientTransformation {
  private static final String BUFFER = "momentum.";

  public Trace {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new ShapeException("momentum: expected at least 0 and below 1, got " + momentum);
    }
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return parameters.map(shape -> shape.withDtype(DType.F32)).prefixed(BUFFER);
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    ParamMap<Tensor> buffers =
        updates.with(state.under(BUFFER), (g, buffer) -> buffer.times(momentum).plus(g));
    ParamMap<Tensor> directions =
        nesterov ? updates.with(buffers, (g, buffer) -> g.plus(buffer.times(momentum))) : buffers;
    return new Result(directions, buffers.prefixed(BUFFER), ParamMap.empty());
  }
}
