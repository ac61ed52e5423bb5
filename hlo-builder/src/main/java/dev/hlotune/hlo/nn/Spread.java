package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.ShapeException;

/**
 * Into how many parts the devices of a mesh cut what a step computes. Nothing is cut here; what
 * would move data between the parts is written another way where there are several.
 *
 * @param rows parts of a batch's rows
 * @param length parts of each row's positions
 * @param width parts of the width of layers: heads, hidden units
 */
public record Spread(int rows, int length, int width) {
  /** One device. */
  public static final Spread NONE = new Spread(1, 1, 1);

  /** Axis that counts the parts of a batch, rows outside of positions. */
  public static final String PART = "batch_part";

  public Spread {
    if (rows < 1 || length < 1 || width < 1) {
      throw new ShapeException(
          "spread: expected at least one part each, got " + rows + ", " + length + ", " + width);
    }
  }

  /** Parts of a batch. */
  public int parts() {
    return Math.multiplyExact(rows, length);
  }
}
