package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The adapter of a linear layer: {@code x·W + s·(x·A)·B} (Hu et al. 2021, "LoRA", equation 3), and
 * with a magnitude {@code m·(x·W + s·(x·A)·B) / ‖W + s·A·B‖} (Liu et al. 2024, "DoRA", equation 5,
 * the norm a constant of the gradient as its section 4.3 has it). The weight itself gets no
 * gradient from it.
 *
 * <p>Names and shapes are PEFT's: {@code NAME.lora_A.weight} is {@code [rank, in]}, {@code
 * NAME.lora_B.weight} {@code [out, rank]}, {@code NAME.lora_magnitude_vector} {@code [out]}. The
 * scale s is the weight {@link #SCALE} that all adapters share.
 *
 * <p>A rank below the axis' size is one whose further rows of A and columns of B are zero: they get
 * no gradient and stay zero, so that one program serves every rank up to a largest.
 *
 * @param name of the layer
 */
public record LowRank(String name) {
  /** Axis of the rank. */
  public static final String RANK = "lora_rank";

  /** Name of the scale, an f32 scalar among the weights: α/r, or α/√r (Kalajdzievski 2023). */
  public static final String SCALE = LayerStack.SHARED + "lora.scale";

  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";
  private static final String MAGNITUDE = ".lora_magnitude_vector";

  /**
   * The adapter's weights. A starts as torch's {@code kaiming_uniform_(a=√5)} has it, uniform up to
   * 1/√in, B at zero. A magnitude starts as the norm of the layer's weight, which is not known
   * here: it is made of it when the weight is loaded.
   *
   * @param weight of the layer; a stacked one gives stacked ones
   * @param rank the largest
   * @param magnitude whether there is one
   */
  public ParamMap<ParameterSpec> parameters(ParameterSpec weight, int rank, boolean magnitude) {
    String input = weight.input().orElseThrow();
    Axis in = weight.shape().axis(input);
    Axis ranks = new Axis(RANK, rank);
    Shape out = weight.shape().without(List.of(input));
    Shape stack =
        new Shape(
            DType.F32,
            out.axes().stream().filter(axis -> axis.name().equals(LayerStack.AXIS)).toList());
    ParamMap<ParameterSpec> parameters =
        ParamMap.<ParameterSpec>empty()
            .plus(
                name + DOWN,
                new ParameterSpec(
                    stack.append(ranks, in), new Initializer.Uniform(1 / Math.sqrt(in.size()))))
            .plus(name + UP, new ParameterSpec(out.append(ranks), new Initializer.Constant(0)));
    return magnitude
        ? parameters.plus(
            name + MAGNITUDE, new ParameterSpec(out, new Initializer.NormOf(name + ".weight")))
        : parameters;
  }

  /** Whether a weight is one of an adapter's own. */
  public static boolean owns(String parameter) {
    return parameter.endsWith(DOWN) || parameter.endsWith(UP) || parameter.endsWith(MAGNITUDE);
  }

  /** Whether the layer has an adapter among the weights. */
  boolean isAmong(ParamMap<Tensor> weights) {
    return weights.has(name + DOWN);
  }

  /** Half of the addition, {@code x·A}, {@code [… , rank]}. */
  Tensor down(ParamMap<Tensor> weights, Tensor x, String input) {
    return Dropout.LORA
        .apply(weights, name, x)
        .dot(weights.get(name + DOWN), x.dtype(), List.of(input));
  }

  /** The other half with the scale in it, {@code s·B}, {@code [out, rank]}. */
  Tensor up(ParamMap<Tensor> weights) {
    Tensor up = weights.get(name + UP);
    Tensor scale = weights.get(SCALE);
    Tensor wide = up.convert(DType.F32);
    return wide.times(scale.like(wide)).convert(up.dtype());
  }

  /** The layer with its adapter, where it has one, but without its bias. */
  Tensor apply(ParamMap<Tensor> weights, Tensor x, String input) {
    Tensor plain = product(weights, x, input);
    if (!isAmong(weights)) {
      return plain;
    }
    Tensor up = up(weights);
    Tensor added = down(weights, x, input).dot(up, x.dtype(), List.of(RANK));
    if (!weights.has(name + MAGNITUDE)) {
      return plain.plus(added);
    }
    Tensor weight =
        Quantization.isAmong(weights, name)
            ? Quantization.weight(weights, name, input, DType.F32)
            : wide(weights.get(name + ".weight"));
    Tensor whole = weight.plus(wide(weights.get(name + DOWN)).dot(wide(up), RANK).like(weight));
    Tensor norm = whole.square().sum(input).sqrt().stopGradient();
    Tensor factor = wide(weights.get(name + MAGNITUDE)).dividedBy(norm);
    Optional<Tensor> dropped = Dropout.LORA.find(weights, name, x);
    // With dropout, PEFT multiplies the weight with what was dropped too, beside the plain product.
    Tensor seen = dropped.map(part -> product(weights, part, input)).orElse(plain);
    Tensor scaled = wide(seen.plus(added)).times(factor.like(wide(seen))).convert(x.dtype());
    return dropped.isPresent() ? plain.minus(seen).plus(scaled) : scaled;
  }

  /** The layer's own product, whatever its weight is held in. */
  private Tensor product(ParamMap<Tensor> weights, Tensor x, String input) {
    return Quantization.isAmong(weights, name)
        ? Quantization.product(weights, name, x, input)
        : Layers.linear(x, weights.get(name + ".weight"));
  }

  private static Tensor wide(Tensor tensor) {
    return tensor.convert(DType.F32);
  }
}
