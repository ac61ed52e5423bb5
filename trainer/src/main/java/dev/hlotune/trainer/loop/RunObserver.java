package dev.hlotune.trainer.loop;

/** Watches a run. Called by the thread that trains; what it throws ends the run. */
@FunctionalInterface
public interface RunObserver {
  /** Watches nothing. */
  RunObserver NONE = event -> {};

  /** Hears what happened. */
  void on(RunEvent event);
}
