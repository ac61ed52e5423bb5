package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Tensor;

/**
 * down(activation(gate(x)) · up(x)) (Shazeer 2020, "GLU Variants Improve Transformer", eq. 6).
 *
 * @param gate projection that is activated
 * @param up projection that it is multiplied with
 * @param down back to the residual
 */
public record GatedMlp(Linear gate, Linear up, Linear down, Activation activation) implements Part {
  @Override
  public ParamMap<ParameterSpec> parameters() {
    return Part.all(gate, up, down);
  }

  /** Applies it to {@code x}, {@code [batch, seq, embed]}. */
  public Tensor apply(ParamMap<Tensor> weights, Tensor x) {
    Tensor gated = activation.apply(gate.apply(weights, x));
    return down.apply(weights, gated.times(up.apply(weights, x)));
  }
}
