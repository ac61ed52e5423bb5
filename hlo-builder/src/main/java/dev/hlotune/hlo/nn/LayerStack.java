package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A stack of equal layers, unrolled or as a loop.
 *
 * <p>Unrolled, layer 3 of {@code model.layers} owns weights named {@code model.layers.3.…}; as a
 * loop, one weight named {@code model.layers.*.…} holds all layers along the axis {@code "layer"},
 * in front. {@link #STACKED} marks such a name.
 *
 * @param prefix what the layers' names begin with, such as {@code model.layers}
 * @param layers how many there are
 * @param layering unrolled or a loop
 * @param remat what a layer's backward pass computes again
 */
public record LayerStack(String prefix, int layers, Layering layering, Remat remat) {
  /** Stands for the layer's number in the name of a stacked weight. */
  public static final String STACKED = "*";

  /** Axis of a stacked weight that counts the layers. */
  public static final String AXIS = "layer";

  /** The weights of all layers, given those of one. */
  public ParamMap<ParameterSpec> parameters(ParamMap<ParameterSpec> one) {
    if (layering == Layering.SCAN) {
      return one.map(spec ->
              new ParameterSpec(spec.shape().prepend(new Axis(AXIS, layers)), spec.initializer()))
          .prefixed(prefix(STACKED));
    }
    ParamMap<ParameterSpec> all = ParamMap.empty();
    for (int i = 0; i < layers; i++) {
      all = all.plus(one.prefixed(prefix(Integer.toString(i))));
    }
    return all;
  }

  /**
   * Runs {@code input} through every layer.
   *
   * @param parameters the model's weights
   * @param layer one layer: its weights, by their names within the layer, and its input
   */
  public Tensor apply(
      ParamMap<Tensor> parameters,
      Tensor input,
      BiFunction<ParamMap<Tensor>, Tensor, Tensor> layer) {
    if (layering == Layering.SCAN) {
      ParamMap<Tensor> stacked = parameters.under(prefix(STACKED));
      return Tensors.scan(
              new Axis(AXIS, layers),
              List.of(input),
              stacked.values(),
              remat,
              (carry, slices) ->
                  new Tensors.Step(
                      List.of(layer.apply(ParamMap.zip(stacked.names(), slices), carry.getFirst())),
                      List.of()))
          .carry()
          .getFirst();
    }
    Tensor hidden = input;
    for (int i = 0; i < layers; i++) {
      ParamMap<Tensor> own = parameters.under(prefix(Integer.toString(i)));
      hidden =
          remat == Remat.NOTHING
              ? layer.apply(own, hidden)
              : Tensors.checkpoint(
                      remat, List.of(hidden), x -> List.of(layer.apply(own, x.getFirst())))
                  .getFirst();
    }
    return hidden;
  }

  private String prefix(String layer) {
    return prefix + "." + layer + ".";
  }
}
