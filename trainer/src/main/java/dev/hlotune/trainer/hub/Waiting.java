package dev.hlotune.trainer.hub;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How it is waited for a hub that asks for it, which may be for minutes: whoever asked sees it, and
 * can end it.
 */
final class Waiting {
  /**
   * Bound on the thread that asked; files on their way wait quietly, since that thread looks on.
   */
  private static final ScopedValue<HubProgress> ASKING = ScopedValue.newInstance();

  private static final long TICK_MILLISECONDS = 200;

  private Waiting() {}

  /** Does something, and tells of waits in it. */
  static <T> T telling(HubProgress progress, Supplier<T> work) {
    return ScopedValue.where(ASKING, progress).call(work::get);
  }

  /** Waits that long. */
  static void sleep(Duration duration) throws InterruptedException {
    long all = duration.toMillis();
    if (!ASKING.isBound() || all <= TICK_MILLISECONDS) {
      Thread.sleep(duration);
      return;
    }
    long end = System.nanoTime() + duration.toNanos();
    for (long left = all; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      ASKING.get().update("waiting for the hub", all - left, all);
      Thread.sleep(Math.min(left, TICK_MILLISECONDS));
    }
    ASKING.get().update("waiting for the hub", all, all);
  }
}
