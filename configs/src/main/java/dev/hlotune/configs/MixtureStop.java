package dev.hlotune.configs;

/** When an epoch of data sets with weights ends. */
public enum MixtureStop implements Spelled {
  /** When the first of them has been seen whole. */
  FIRST_EXHAUSTED("first_exhausted"),
  /** When all have. */
  ALL_EXHAUSTED("all_exhausted");

  private final String spellings;

  MixtureStop(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
