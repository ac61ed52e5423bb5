package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A stack of layers with equal weights, unrolled or as a loop.
 *
 * <p>Unrolled, layer 3 of {@code model.layers} owns weights named {@code model.layers.3.…}; as a
 * loop, one weight named {@code model.layers.*.…} holds all layers along the axis {@code "layer"},
 * in front. {@link #STACKED} marks such a name.
 *
 * <p>What layers compute may differ by a pattern, such as a window in every other one. The loop
 * then goes over the repetitions of the pattern, and its body holds one layer of each kind, so that
 * the program does not grow with depth.
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

  /**
   * What names begin with that all layers see, beside their own weights: what is set for the whole
   * model, such as the scale of adapters, and the key of random bits, which every layer sees
   * changed by its number.
   */
  public static final String SHARED = "shared.";

  private static final String NUMBER = SHARED + "layer";

  /** Axis that counts the layers within one repetition of a pattern. */
  private static final String WITHIN = "within";

  /**
   * One layer.
   *
   * @param <K> what layers differ in
   */
  @FunctionalInterface
  public interface Layer<K> {
    /**
     * The layer's result.
     *
     * @param kind what this layer has that others have not
     * @param weights its weights, by their names within the layer
     * @param x its input
     */
    Tensor apply(K kind, ParamMap<Tensor> weights, Tensor x);
  }

  /** The weights of all layers, given those of one. */
  public ParamMap<ParameterSpec> parameters(ParamMap<ParameterSpec> one) {
    if (layering == Layering.SCAN) {
      return one.map(spec -> spec.withShape(spec.shape().prepend(new Axis(AXIS, layers))))
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
   * @param context what the layers see
   * @param layer one layer: its weights, by their names within the layer, and its input
   */
  public Tensor apply(
      ParamMap<Tensor> parameters,
      Tensor input,
      Context context,
      BiFunction<ParamMap<Tensor>, Tensor, Tensor> layer) {
    return apply(
        parameters,
        input,
        context,
        Collections.nCopies(layers, true),
        (_, weights, x) -> layer.apply(weights, x));
  }

  /**
   * Runs {@code input} through every layer.
   *
   * @param parameters the model's weights
   * @param context what the layers see; where each has a cache of its own, they are printed one by
   *     one, and nothing is computed again
   * @param kinds what each layer is given; equal ones give equal layers
   */
  public <K> Tensor apply(
      ParamMap<Tensor> parameters, Tensor input, Context context, List<K> kinds, Layer<K> layer) {
    if (kinds.size() != layers) {
      throw new ShapeException(
          "layers: expected a kind for each of " + layers + ", got " + kinds.size());
    }
    ParamMap<Tensor> shared = parameters.subset((name, _) -> name.startsWith(SHARED));
    Layer<K> sharing =
        (kind, weights, x) ->
            layer
                .apply(kind, seen(shared, weights.map(own -> Tensors.ready(own, x))), x)
                .constrain(Role.ACTIVATION);
    boolean numbered = Dropout.key(shared).isPresent();
    Tensor hidden = input.constrain(Role.ACTIVATION);
    if (context.ofLayers()) {
      for (int i = 0; i < layers; i++) {
        hidden = sharing.apply(kinds.get(i), own(parameters, i), hidden);
      }
      return hidden;
    }
    if (layering == Layering.UNROLL) {
      for (int i = 0; i < layers; i++) {
        ParamMap<Tensor> own = own(parameters, i);
        if (numbered) {
          own = own.plus(NUMBER, Tensors.scalar(DType.U32, i));
        }
        hidden = remembering(kinds.get(i), own, hidden, sharing);
      }
      return hidden;
    }
    ParamMap<Tensor> stacked = parameters.under(prefix(STACKED));
    if (numbered) {
      stacked = stacked.plus(NUMBER, Tensors.iota(DType.U32, new Axis(AXIS, layers)));
    }
    for (LayerPattern.Stretch stretch : LayerPattern.of(kinds)) {
      ParamMap<Tensor> own =
          stacked.map(weight -> weight.slice(AXIS, stretch.start(), stretch.layers()));
      List<K> repeated = kinds.subList(stretch.start(), stretch.start() + stretch.period());
      hidden = loop(own, hidden, repeated, stretch.repeats(), sharing);
    }
    return hidden;
  }

  /** The weights of one layer, by their names within it. */
  private ParamMap<Tensor> own(ParamMap<Tensor> parameters, int number) {
    return layering == Layering.UNROLL
        ? parameters.under(prefix(Integer.toString(number)))
        : parameters.under(prefix(STACKED)).map(weight -> weight.at(AXIS, number));
  }

  /** A layer's weights, and what all layers share. */
  private static ParamMap<Tensor> seen(ParamMap<Tensor> shared, ParamMap<Tensor> weights) {
    if (!weights.has(NUMBER)) {
      return weights.plus(shared);
    }
    RandomBits.Key key = Dropout.key(shared).orElseThrow().fold(weights.get(NUMBER));
    return weights.plus(shared).plus(Dropout.key(key));
  }

  /** A loop over the repetitions of {@code kinds}, which are one layer each. */
  private <K> Tensor loop(
      ParamMap<Tensor> stacked, Tensor input, List<K> kinds, int repeats, Layer<K> layer) {
    boolean alike = kinds.size() == 1;
    Axis axis = new Axis(AXIS, repeats);
    List<Tensor> sequences =
        alike
            ? stacked.values()
            : stacked
                .map(weight -> weight.split(AXIS, axis, new Axis(WITHIN, kinds.size())))
                .values();
    return Tensors.scan(
            axis,
            List.of(input),
            sequences,
            // Layers of different kinds in one body are rematerialized one by one.
            alike ? remat : Remat.NOTHING,
            (carry, slices) -> {
              ParamMap<Tensor> weights = ParamMap.zip(stacked.names(), slices);
              Tensor hidden = carry.getFirst();
              for (int i = 0; i < kinds.size(); i++) {
                int place = i;
                hidden =
                    alike
                        ? layer.apply(kinds.getFirst(), weights, hidden)
                        : remembering(
                            kinds.get(i),
                            weights.map(weight -> weight.at(WITHIN, place)),
                            hidden,
                            layer);
              }
              return new Tensors.Step(List.of(hidden), List.of());
            })
        .carry()
        .getFirst();
  }

  /** One layer, whose backward pass computes again what {@link #remat} says. */
  private <K> Tensor remembering(K kind, ParamMap<Tensor> weights, Tensor input, Layer<K> layer) {
    return remat == Remat.NOTHING
        ? layer.apply(kind, weights, input)
        : Tensors.checkpoint(
                remat, List.of(input), x -> List.of(layer.apply(kind, weights, x.getFirst())))
            .getFirst();
  }

  /** Whether a weight is a layer's, by its name. */
  public boolean owns(String name) {
    return name.startsWith(prefix + ".");
  }

  private String prefix(String layer) {
    return prefix + "." + layer + ".";
  }
}
