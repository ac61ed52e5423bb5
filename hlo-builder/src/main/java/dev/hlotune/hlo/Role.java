package dev.hlotune.hlo;

/**
 * What a tensor is to a training that is spread over devices. Where tensors of a role lie is said
 * by the {@link dev.hlotune.hlo.emit.Partitioning} that a program is emitted with.
 */
public enum Role {
  /** What is computed with: states of the model, and their gradients. */
  ACTIVATION,
  /** A weight as it is used: made of where it is stored, and thrown away afterwards. */
  WEIGHT,
  /** A gradient by a weight, as it is summed. */
  GRADIENT,
  /** What an optimizer keeps and computes with. */
  STATE;

  /** The role of the gradient by a tensor of this role. */
  public Role ofGradient() {
    return this == WEIGHT ? GRADIENT : this;
  }
}
