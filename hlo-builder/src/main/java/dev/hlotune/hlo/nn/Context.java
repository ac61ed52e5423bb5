package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Tensor;

/**
 * Where a layer's attention finds the keys and values of other positions: in the rows that go
 * through the model, or in a cache of what went through it before.
 */
public sealed interface Context permits RowContext, PrefillContext, DecodeContext {
  /**
   * What a layer's attention gives. Layers come in their order, each once.
   *
   * @param attention which positions are seen, and how
   * @param weights of the layer
   * @param q {@code [batch, seq, kv_head, group, head_dim]}
   * @param k {@code [batch, seq, kv_head, head_dim]}
   * @param v {@code [batch, seq, kv_head, head_dim]}
   * @return {@code [batch, seq, kv_head, group, head_dim]}
   */
  Tensor attend(Attention attention, ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v);

  /**
   * How long the document of every position is as far as it is known, i32 {@code [batch, seq]}.
   *
   * @param positions i32 {@code [batch, seq]}, restarting at 0 with every document
   */
  Tensor lengths(Tensor positions);

  /** The most that {@link #lengths} can give; without a bound where rows may be of any length. */
  int longest(Tensor positions);

  /**
   * Hears that positions of a document are seen otherwise once it is longer than that, so that keys
   * kept from before are of no use.
   */
  default void turnsAfter(int length) {}

  /** Into how many parts devices cut what is computed. */
  default Spread spread() {
    return Spread.NONE;
  }

  /** Whether layers are different from one another, as each has keys and values of its own. */
  boolean ofLayers();
}
