package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Makes a direction relative to the size of its weight (Shazeer and Stern 2018, section 8): times
 * the weight's root mean square, each layer's own.
 *
 * @param least taken where a weight is smaller than that
 */
public record ScaleByParameterRms(double least) implements GradientTransformation {
  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return ParamMap.empty();
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    return Result.of(
        updates.with(
            context.parameters(),
            (update, weight) -> {
              Tensor rms = ScaleByFactoredRms.rms(weight.convert(DType.F32));
              Tensor size = Tensors.maximum(rms, Tensors.fill(rms.shape(), least));
              return update.times(size.like(update));
            }));
  }
}
