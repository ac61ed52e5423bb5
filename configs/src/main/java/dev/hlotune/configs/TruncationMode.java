package dev.hlotune.configs;

/** What becomes of a record longer than {@code max_length} tokens. */
public enum TruncationMode implements Spelled {
  /** The first {@code max_length} tokens stay. */
  KEEP_START("keep_start"),
  /** The record is left out and counted. */
  DROP("drop");

  private final String spellings;

  TruncationMode(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
