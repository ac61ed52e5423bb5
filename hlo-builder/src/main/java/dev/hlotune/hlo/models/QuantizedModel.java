package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.hlo.nn.Vocabulary;
import java.util.List;
import java.util.Map;

/**
 * A model that holds the weights of some linear layers in few bits. A layer that finds codes among
 * the weights makes its own of them; the model itself is that of the base.
 *
 * @param base the model in floats, perhaps with adapters
 * @param kind how the weights are held
 * @param layers names of the layers
 */
public record QuantizedModel(CausalModel base, Quantization kind, List<String> layers)
    implements CausalModel {
  private static final String WEIGHT = ".weight";

  /** Checks that the weights can be held so. */
  public QuantizedModel {
    layers = List.copyOf(layers);
    ParamMap<ParameterSpec> weights = base.parameters();
    layers.forEach(layer -> kind.parameters(layer, weights.get(layer + WEIGHT)));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> parameters = ParamMap.empty();
    for (Map.Entry<String, ParameterSpec> entry : base.parameters().entries().entrySet()) {
      String name = entry.getKey();
      String layer =
          name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
      parameters =
          layers.contains(layer) && name.endsWith(WEIGHT)
              ? parameters.plus(kind.parameters(layer, entry.getValue()))
              : parameters.plus(name, entry.getValue());
    }
    return parameters;
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
