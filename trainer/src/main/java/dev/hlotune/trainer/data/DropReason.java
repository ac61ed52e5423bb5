package dev.hlotune.trainer.data;

/** Why a record is not among the examples. */
public enum DropReason {
  /** It cannot be read, and {@link OnBadRecord#SKIP} was asked for. */
  BAD_RECORD("bad record"),
  /** A conversation in which nothing is to be learned. */
  NO_ASSISTANT_TURN("no assistant turn"),
  /** Longer than {@code max_length}, and {@link Truncation#DROP} was asked for. */
  TOO_LONG("longer than max_length"),
  /** Nothing of it is learned. */
  NO_SUPERVISED_TOKEN("no supervised token"),
  /** Every supervised token was cut off. */
  CUT_AWAY("no supervised token left after truncation");

  private final String label;

  DropReason(String label) {
    this.label = label;
  }

  /** The reason in words. */
  public String label() {
    return label;
  }
}
