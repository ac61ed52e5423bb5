package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.ShapeException;

/**
 * How what a program computes is cut: into how many parts by the devices of a mesh, and whether
 * into others by the sizes of a batch. Nothing is cut here; what would move data between the parts
 * of devices is written another way where there are several.
 *
 * @param rows parts of a batch's rows
 * @param length parts of each row's positions
 * @param width parts of the width of layers: heads, hidden units
 * @param anySize whether the program is to be alike for batches of all sizes: then nothing is cut,
 *     masked or left out because of how large a batch is
 */
public record Spread(int rows, int length, int width, boolean anySize) {
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

  /** In parts of devices, and by the sizes of a batch. */
  public Spread(int rows, int length, int width) {
    this(rows, length, width, false);
  }

  /** The same for programs that are alike for batches of all sizes. */
  public Spread forAnySize() {
    return new Spread(rows, length, width, true);
  }

  /** Parts of a batch. */
  public int parts() {
    return Math.multiplyExact(rows, length);
  }
}
