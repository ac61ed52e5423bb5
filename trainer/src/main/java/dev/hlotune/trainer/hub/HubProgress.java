package dev.hlotune.trainer.hub;

/**
 * Is told how a download goes on, on the thread that asked for it. May throw to end it: what has
 * come is kept, and the next attempt goes on from there.
 */
@FunctionalInterface
public interface HubProgress {
  /**
   * More has arrived.
   *
   * @param activity what is being done, such as {@code downloading owner/name}
   * @param done bytes so far, of all files together
   * @param total bytes in all; 0 where that is not known
   */
  void update(String activity, long done, long total);

  /** Tells nobody. */
  static HubProgress silent() {
    return (_, _, _) -> {};
  }
}
