package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.Arrays;
import java.util.List;

/**
 * Stages one after the other; each sees its own part of the state.
 *
 * @param stages first to last
 */
public record Chain(List<GradientTransformation> stages) implements GradientTransformation {
  public Chain {
    stages = List.copyOf(stages);
  }

  public static Chain of(GradientTransformation... stages) {
    return new Chain(Arrays.asList(stages));
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<Shape> all = ParamMap.empty();
    for (GradientTransformation stage : stages) {
      ParamMap<Shape> own = stage.init(parameters);
      for (String name : own.names()) {
        if (all.has(name)) {
          throw new ShapeException(
              "optimizer state: expected distinct names among the stages, got \""
                  + name
                  + "\" twice; use each kind of stage once");
        }
      }
      all = all.plus(own);
    }
    return all;
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    ParamMap<Shape> parameters = context.parameters().map(Tensor::shape);
    Result result = new Result(updates, ParamMap.empty(), ParamMap.empty());
    for (GradientTransformation stage : stages) {
      ParamMap<Tensor> own = state.subset(stage.init(parameters).names());
      Result next = stage.update(result.updates(), own, context);
      result =
          new Result(
              next.updates(),
              result.state().plus(next.state()),
              result.metrics().plus(next.metrics()));
    }
    return result;
  }
}
