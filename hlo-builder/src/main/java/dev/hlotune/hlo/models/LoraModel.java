package dev.hlotune.hlo.models;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A model with low-rank adapters beside some of its linear layers (Hu et al. 2021, "LoRA"): the
 * base's weights, then the adapters', then their scale. A layer that finds an adapter among the
 * weights adds it, see {@link LowRank}; the model itself is that of the base.
 *
 * @param base the model without adapters
 * @param rank rows that the adapters have room for; a smaller rank leaves the rest zero
 * @param layers names of the layers with an adapter, such as {@code
 *     model.layers.0.self_attn.q_proj}
 * @param magnitude whether magnitudes are trained apart from directions (Liu et al. 2024, "DoRA")
 */
public record LoraModel(CausalModel base, int rank, List<String> layers, boolean magnitude)
    implements CausalModel {
  private static final String WEIGHT = ".weight";

  /** Checks that the base has the layers. */
  public LoraModel {
    layers = List.copyOf(layers);
    if (rank < 1) {
      throw new ShapeException("adapter: expected a rank of at least 1, got " + rank);
    }
    List<String> known = linearLayers(base);
    for (String layer : layers) {
      if (!known.contains(layer)) {
        throw new ShapeException("adapter: expected a linear layer of the model, got " + layer);
      }
    }
    if (magnitude && layers.contains(base.words().headLayer())) {
      throw new ShapeException(
          "adapter: expected no magnitude beside an adapter of the head, got one; leave the head"
              + " out of the layers or train it without");
    }
  }

  /** The linear layers of a model, its head the last of them. */
  public static List<String> linearLayers(CausalModel model) {
    String head = model.words().headLayer();
    List<String> names =
        new ArrayList<>(
            model.parameters().stream()
                .filter(entry -> entry.getValue().input().isPresent())
                .map(Map.Entry::getKey)
                .map(name -> name.substring(0, name.length() - WEIGHT.length()))
                .filter(Predicate.not(head::equals))
                .toList());
    names.add(head);
    return names;
  }

  /** The adapters' weights alone, without their scale. */
  public ParamMap<ParameterSpec> adapters() {
    ParamMap<ParameterSpec> weights = base.parameters();
    ParamMap<ParameterSpec> adapters = ParamMap.empty();
    for (String layer : layers) {
      ParameterSpec weight =
          layer.equals(words().headLayer()) ? words().headSpec() : weights.get(layer + WEIGHT);
      adapters = adapters.plus(new LowRank(layer).parameters(weight, rank, magnitude));
    }
    return adapters;
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    return base.parameters()
        .plus(adapters())
        .plus(LowRank.SCALE, new ParameterSpec(Shape.of(DType.F32), new Initializer.Constant(1)));
  }

  @Override
  public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
    return base.hidden(weights, inputs);
  }

  @Override
  public Vocabulary words() {
    return base.words();
  }

  @Override
  public LayerStack stack() {
    return base.stack();
  }

  @Override
  public int maxPositions() {
    return base.maxPositions();
  }
}
