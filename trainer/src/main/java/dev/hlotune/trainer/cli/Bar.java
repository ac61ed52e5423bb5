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

  /** A part of {@code width} characters in block characters, to an eighth of one; any is seen. */
  static String eighths(double part, int width) {
    int eighths = (int) Math.round(Math.clamp(part, 0.0, 1.0) * width * 8);
    eighths = part > 0 ? Math.max(1, eighths) : 0;
    return "█".repeat(eighths / 8)
        + (eighths % 8 == 0 ? "" : String.valueOf((char) ('\u2590' - eighths % 8)));
  }
}
