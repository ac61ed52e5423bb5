package dev.hlotune.trainer.data;

/** At which of its messages the assistant learns to stop: the loss on the token that ends one. */
public enum TrainOnEnd {
  /** At each that is trained on. */
  TURN,
  /** At the last. */
  LAST,
  /** At none. */
  NONE
}
