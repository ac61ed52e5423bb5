package dev.hlotune.trainer.cli;

/** A bar with its percentage. */
final class Bar {
  private Bar() {}

  /** So much of {@code total}, as {@code width} characters and a percentage. */
  static String of(long done, long total, int width) {
    double part = Math.clamp((double) done / total, 0.0, 1.0);
    int full = (int) Math.floor(part * width);
    return "━".repeat(full) + "─".repeat(width - full) + " %3d%%".formatted((int) (100 * part));
  }
}
