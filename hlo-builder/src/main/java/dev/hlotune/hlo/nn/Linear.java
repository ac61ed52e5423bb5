package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A linear layer, {@code NAME.weight} and perhaps {@code NAME.bias}.
 *
 * @param name what its weights' names begin with
 * @param stored axes of the weight as files store them
 * @param input the one of them that the layer multiplies away
 * @param bias axis of the bias, where there is one
 * @param first the weight's first values
 */
public record Linear(
    String name, List<Axis> stored, Axis input, Optional<Axis> bias, Initializer first)
    implements Part {
  public Linear {
    stored = List.copyOf(stored);
  }

  /** As torch's {@code Linear} stores it, {@code [out, in]}. */
  public static Linear of(String name, Axis out, Axis in, boolean bias, double deviation) {
    Optional<Axis> biased = bias ? Optional.of(out) : Optional.empty();
    return new Linear(name, List.of(out, in), in, biased, new Initializer.Normal(deviation));
  }

  /** As GPT-2's {@code Conv1D} stores it, {@code [in, out]}, with a bias. */
  public static Linear conv(String name, Axis in, Axis out, double deviation) {
    return new Linear(
        name, List.of(in, out), in, Optional.of(out), new Initializer.Normal(deviation));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    ParamMap<ParameterSpec> weight =
        ParamMap.<ParameterSpec>empty()
            .plus(
                name + ".weight",
                new ParameterSpec(new Shape(DType.F32, stored), first, Optional.of(input.name())));
    return bias.map(axis -> weight.plus(name + ".bias", ParameterSpec.constant(0, axis)))
        .orElse(weight);
  }

  /**
   * The weights with which the layer gives a part of its outputs alone. Where devices split its
   * parts each on its own, such as the heads of queries, keys and values, they cannot split the
   * product of them all.
   *
   * @param out the layer's outputs
   * @param start the first of the part
   * @param part what they are called then, and how many they are
   */
  public ParamMap<Tensor> part(ParamMap<Tensor> weights, String out, int start, Axis part) {
    return weights.map((own, weight) ->
        own.startsWith(name + ".") && weight.shape().has(out)
            ? weight
                .slice(out, start, part.size())
                // A gradient comes back whole: parts of parts are nowhere near one another.
                .constrain(Role.ACTIVATION)
                .rename(out, part.name())
                .constrain(Role.ACTIVATION)
            : weight);
  }

  /** {@code x · weight + bias}, and what an adapter among the weights adds. */
  public Tensor apply(ParamMap<Tensor> weights, Tensor x) {
    Tensor product = new LowRank(name).apply(weights, x, input.name());
    return bias.isPresent() ? product.plus(weights.get(name + ".bias").like(product)) : product;
  }
}
