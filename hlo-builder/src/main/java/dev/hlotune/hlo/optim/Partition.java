package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.function.BiPredicate;

/**
 * One transformation for some of the weights and another for the rest, as {@code optax.partition}.
 *
 * @param chooses which weights, by name and shape, {@code chosen} takes
 */
public record Partition(
    BiPredicate<String, Shape> chooses,
    GradientTransformation chosen,
    GradientTransformation others)
    implements GradientTransformation {
  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<Shape> first = chosen.init(parameters.subset(chooses));
    ParamMap<Shape> second = others.init(parameters.subset(chooses.negate()));
    for (String name : second.names()) {
      if (first.has(name)) {
        throw new ShapeException(
            "optimizer state: expected distinct names on both sides, got \"" + name + "\" twice");
      }
    }
    return first.plus(second);
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Result first = update(chosen, chooses, updates, state, context);
    Result second = update(others, chooses.negate(), updates, state, context);
    return new Result(
        updates.with(first.updates().plus(second.updates()), (_, changed) -> changed),
        first.state().plus(second.state()),
        first.metrics().plus(second.metrics()));
  }

  private static Result update(
      GradientTransformation side,
      BiPredicate<String, Shape> chooses,
      ParamMap<Tensor> updates,
      ParamMap<Tensor> state,
      Context context) {
    ParamMap<Tensor> weights =
        context.parameters().subset((name, weight) -> chooses.test(name, weight.shape()));
    return side.update(
        updates.subset(weights.names()),
        state.subset(side.init(weights.map(Tensor::shape)).names()),
        new Context(weights, context.learningRate()));
  }
}
