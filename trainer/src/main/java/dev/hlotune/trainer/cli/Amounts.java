package dev.hlotune.trainer.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers in words that are read at a glance. */
final class Amounts {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Amounts() {}

  /** {@code 1.5 GiB}. */
  static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
  }

  /** {@code 12,345}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 1 token}, {@code 12,345 tokens}. */
  static String counted(long count, String what) {
    return count(count) + " " + what + (count == 1 ? "" : "s");
  }

  /** {@code 1.2 %} of a part between 0 and 1. */
  static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  /** {@code 0:07}, {@code 12:30}, {@code 1:02:03}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** {@code 5 minutes}, {@code 3 hours}, {@code 12 days}. */
  static String age(Duration age) {
    long minutes = Math.max(0, age.toMinutes());
    return minutes < 120
        ? minutes + " minutes"
        : minutes < 48 * 60 ? minutes / 60 + " hours" : minutes / (24 * 60) + " days";
  }

  /** Few digits, whatever the size: {@code 2.134}, {@code 3.0e-04}. */
  static String figure(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT, size == 0 || (size >= 0.01 && size < 1e4) ? "%.3f" : "%.1e", value);
  }
}
