package dev.hlotune.trainer.data;

/** What happens to an example that is longer than {@code max_length}. */
public enum Truncation {
  /** Its first tokens are kept. */
  KEEP_START,
  /** Its last tokens are kept. */
  KEEP_END,
  /** It is left out. */
  DROP,
  /**
   * It is cut into several, each beginning with the last token of the one before, so that every
   * token is a target once.
   */
  SPLIT
}
