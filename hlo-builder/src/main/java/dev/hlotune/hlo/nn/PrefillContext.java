package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whole rows, whose keys and values are kept for {@link DecodeContext}. A program is traced with it
 * once.
 */
public final class PrefillContext implements Context {
  private final RowContext rows;
  private final List<KeyValues> layers = new ArrayList<>();
  private int turn = Integer.MAX_VALUE;

  /**
   * Nothing kept yet.
   *
   * @param segments as for {@link RowContext}
   */
  public PrefillContext(Tensor segments) {
    this(segments, Spread.NONE);
  }

  /** The same, cut as {@link RowContext} is. */
  public PrefillContext(Tensor segments, Spread spread) {
    rows = new RowContext(segments, spread);
  }

  @Override
  public Tensor attend(
      Attention attention, ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v) {
    layers.add(KeyValues.of(k, v));
    return rows.attend(attention, weights, q, k, v);
  }

  @Override
  public Tensor lengths(Tensor positions) {
    return rows.lengths(positions);
  }

  @Override
  public int longest(Tensor positions) {
    return rows.longest(positions);
  }

  @Override
  public void turnsAfter(int length) {
    turn = Math.min(turn, length);
  }

  @Override
  public boolean ofLayers() {
    return true;
  }

  /** What was kept of each layer that was run. */
  public List<KeyValues> layers() {
    return List.copyOf(layers);
  }

  /** The length after which what was kept is of no use, where there is one. */
  public OptionalInt turn() {
    return turn == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(turn);
  }
}
