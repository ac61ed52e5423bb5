package dev.hlotune.configs;

/** At which of its messages the assistant learns to stop. */
public enum TrainOnEos implements Spelled {
  /** At each that is trained on. */
  TURN("turn all"),
  /** At the last. */
  LAST("last"),
  /** At none. */
  NONE("none false");

  private final String spellings;

  TrainOnEos(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
