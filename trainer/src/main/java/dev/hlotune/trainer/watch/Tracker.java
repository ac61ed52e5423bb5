package dev.hlotune.trainer.watch;

import java.io.IOException;
import java.util.List;

/**
 * Takes the figures of a run to somewhere else. Used by one thread. What could not be delivered is
 * kept and tried again with what comes next.
 */
interface Tracker {
  /** What it is called in notes, as {@code report_to} names it. */
  String name();

  /**
   * Takes events in their order and delivers what they say.
   *
   * @throws IOException if it could not be delivered, and is kept
   */
  void take(List<Moment> moments) throws IOException, InterruptedException;

  /**
   * The run is over.
   *
   * @throws IOException if something could not be delivered in the end
   */
  void close() throws IOException, InterruptedException;
}
