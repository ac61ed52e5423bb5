package dev.hlotune.trainer.cli;

/**
 * How long the rest of a run takes, from the updates seen. The first update is left out: it waits
 * for what was not yet warm.
 */
final class Pace {
  private int firstStep = -1;
  private long firstNanos;
  private int lastStep;
  private long lastNanos;

  void stepped(int step, long nanos) {
    if (firstStep < 0) {
      firstStep = step;
      firstNanos = nanos;
    }
    lastStep = step;
    lastNanos = nanos;
  }

  /** {@code " 1:23 left"}, or nothing where none is left or it cannot be told yet. */
  String left(int steps) {
    if (lastStep <= firstStep || steps == 0) {
      return "";
    }
    double perStep = (lastNanos - firstNanos) / 1e9 / (lastStep - firstStep);
    return "  " + Amounts.duration(perStep * steps) + " left";
  }
}
