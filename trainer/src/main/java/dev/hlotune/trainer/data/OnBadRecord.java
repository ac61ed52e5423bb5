package dev.hlotune.trainer.data;

/** What happens at a record that cannot be read. */
public enum OnBadRecord {
  /** The preparation ends with the error. */
  ERROR,
  /** The record is left out, counted and reported. */
  SKIP
}
