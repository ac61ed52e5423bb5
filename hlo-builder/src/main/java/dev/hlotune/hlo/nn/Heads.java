package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import java.util.List;

/**
 * How attention's width falls into heads: query heads that share a key are an axis of their own, so
 * keys and values are never repeated.
 *
 * @param queries number of query heads
 * @param keys number of key and value heads, which divides {@code queries}
 * @param size elements of a head
 */
public record Heads(int queries, int keys, int size) {
  /** Axis of a head's elements. */
  public static final String SIZE = "head_dim";

  private static final String QUERY = "attention";
  private static final String KEY = "keys";
  private static final String KEY_HEAD = "kv_head";
  private static final String GROUP = "group";

  public Heads {
    if (queries < 1 || keys < 1 || size < 1 || queries % keys != 0) {
      throw new ShapeException(
          "attention heads: expected key heads that divide the query heads, got "
              + keys
              + " and "
              + queries
              + " of size "
              + size);
    }
  }

  /** All query heads side by side. */
  public Axis queryAxis() {
    return new Axis(QUERY, queries * size);
  }

  /** All key heads, or all value heads, side by side. */
  public Axis keyAxis() {
    return new Axis(KEY, keys * size);
  }

  /** The elements of one head. */
  public Axis sizeAxis() {
    return new Axis(SIZE, size);
  }

  /** {@code [batch, seq, attention]} as {@code [batch, seq, kv_head, group, head_dim]}. */
  public Tensor splitQueries(Tensor x) {
    return x.split(QUERY, new Axis(KEY_HEAD, keys), new Axis(GROUP, queries / keys), sizeAxis());
  }

  /** {@code [batch, seq, keys]} as {@code [batch, seq, kv_head, head_dim]}. */
  public Tensor splitKeys(Tensor x) {
    return x.split(KEY, new Axis(KEY_HEAD, keys), sizeAxis());
  }

  /** The inverse of {@link #splitQueries}. */
  public Tensor merge(Tensor x) {
    return x.merge(List.of(KEY_HEAD, GROUP, SIZE), QUERY);
  }

  /**
   * The same queries or keys. Their gradient comes out of attention with heads outside of
   * positions; here it is laid out as they are, once, and not wherever it meets one of them.
   */
  public Tensor settled(Tensor x) {
    return x.shape().has(GROUP)
        ? splitQueries(merge(x))
        : splitKeys(x.merge(List.of(KEY_HEAD, SIZE), KEY));
  }
}
