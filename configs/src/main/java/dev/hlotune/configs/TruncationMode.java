package dev.hlotune.configs;

/** What becomes of a record longer than {@code max_length} tokens. */
public enum TruncationMode implements Spelled {
  /** Its first {@code max_length} tokens stay. */
  KEEP_START("keep_start"),
  /** Its last ones stay. */
  KEEP_END("keep_end"),
  /** The record is left out and counted. */
  DROP("drop"),
  /** It is cut into several examples. */
  SPLIT("split");

  private final String spellings;

  TruncationMode(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
