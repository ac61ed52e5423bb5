package dev.hlotune.trainer.data;

/** What happens to an example that is longer than {@code max_length}. */
public enum Truncation {
  /** Its first tokens are kept. */
  KEEP_START,
  /** It is left out. */
  DROP
}
