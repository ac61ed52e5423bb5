package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import java.util.List;

/**
 * The keys and values of one layer, as queries are multiplied with them.
 *
 * @param keys {@code [batch, kv_head, slot, head_dim]}
 * @param values {@code [batch, kv_head, slot, head_dim]}
 */
public record KeyValues(Tensor keys, Tensor values) {
  /** Axis of the places that a row has room for. */
  public static final String SLOT = "slot";

  /** Keys and values of whole rows, {@code [batch, seq, kv_head, head_dim]}. */
  static KeyValues of(Tensor k, Tensor v) {
    return new KeyValues(k.rename(Attention.SEQUENCE, SLOT), v.rename(Attention.SEQUENCE, SLOT));
  }

  /** The same with room for so many places; what is new is zero. */
  public KeyValues padded(int slots) {
    int before = keys.axis(SLOT).size();
    return new KeyValues(keys.pad(SLOT, 0, slots - before), values.pad(SLOT, 0, slots - before));
  }

  /** The same with others from a place on. */
  KeyValues updated(Tensor slot, KeyValues others) {
    return new KeyValues(
        keys.dynamicUpdate(SLOT, slot, others.keys),
        values.dynamicUpdate(SLOT, slot, others.values));
  }

  /** How one of the two lies in memory: what a product over places or elements needs together. */
  public static Shape shape(Tensor either) {
    return either
        .shape()
        .withAxes(
            List.of(
                either.axis("batch"),
                either.axis("kv_head"),
                either.axis(SLOT),
                new Axis(Heads.SIZE, either.axis(Heads.SIZE).size())));
  }
}
