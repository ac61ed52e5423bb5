package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.loop.RunObserver;

/** Watches a sweep. Called by the thread that trains. */
public interface SweepObserver {
  /** Watches nothing. */
  SweepObserver NONE = (point, number, count, state) -> RunObserver.NONE;

  /**
   * A point is begun, or is complete already.
   *
   * @param number of the point, counted from 1
   * @param count of all points
   * @param state of what is there
   * @return who watches its run
   */
  RunObserver begins(SweepRecipe.Point point, int number, int count, PointState state);
}
