package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.function.Predicate;

/**
 * Adds the decay times the weight as it was before the step. Behind the moments, the decay does not
 * pass through them (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", algorithm
 * 2); in front of a momentum it does, as {@code torch.optim.SGD} has it.
 *
 * @param decay of each weight; 0 for none
 */
public record AddDecayedWeights(PerWeight decay) implements GradientTransformation {
  /** The same decay for the weights that {@code mask} names. */
  public AddDecayedWeights(double decay, Predicate<String> mask) {
    this(new PerWeight(name -> mask.test(name) ? decay : 0));
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    return Result.of(
        updates.map((name, update) ->
            decay.is(0, name, update.shape())
                ? update
                : update.plus(
                    decay.times(name, context.parameters().get(name).convert(DType.F32)))));
  }
}
