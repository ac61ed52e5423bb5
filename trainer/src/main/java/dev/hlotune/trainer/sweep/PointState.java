package dev.hlotune.trainer.sweep;

import java.util.Locale;

/** How far a point of a sweep is. */
public enum PointState {
  /** Nothing of it is there. */
  WAITING,
  /** It was begun and has not come to its end. */
  INTERRUPTED,
  /** All was done. */
  DONE,
  /** Its loss was no longer a number. */
  DIVERGED,
  /** It could not be run; it is tried again next time. */
  FAILED;

  /** As tables and JSON have it. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is not run again. */
  public boolean isComplete() {
    return this == DONE || this == DIVERGED;
  }
}
