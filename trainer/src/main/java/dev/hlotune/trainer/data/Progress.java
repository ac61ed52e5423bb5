package dev.hlotune.trainer.data;

/** Hears how far a preparation is. Called often, by the thread that prepares. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (bytes, totalBytes, tokens) -> {};

  /**
   * More was done.
   *
   * @param bytes bytes of the files that were read
   * @param totalBytes bytes of all files
   * @param tokens tokens of the examples that were written
   */
  void advanced(long bytes, long totalBytes, long tokens);
}
