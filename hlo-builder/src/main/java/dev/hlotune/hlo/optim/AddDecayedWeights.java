package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.function.Predicate;

/**
 * Decay that does not pass through the moments (Loshchilov and Hutter 2019, "Decoupled Weight Decay
 * Regularization", algorithm 2): adds {@code decay} times the weight as it was before the step.
 *
 * @param decay 0 for none
 * @param mask the names of the weights that decay
 */
public record AddDecayedWeights(double decay, Predicate<String> mask)
    implements GradientTransformation {
  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    if (decay == 0) {
      return Result.of(updates);
    }
    return Result.of(
        updates.map((name, update) ->
            mask.test(name)
                ? update.plus(context.parameters().get(name).convert(DType.F32).times(decay))
                : update));
  }
}
