package dev.hlotune.trainer.audit;

import java.util.Locale;

/** Parts of a whole in words. */
public final class Shares {
  private Shares() {}

  /** {@code 12.3 %}; never 0 where there is something, never 100 where something is missing. */
  public static String percent(double share) {
    double percent = 100 * share;
    if (percent > 0 && percent < 0.05) {
      return "< 0.1 %";
    }
    if (percent < 100 && percent >= 99.95) {
      return "> 99.9 %";
    }
    return String.format(
        Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%.1f %%", percent);
  }
}
