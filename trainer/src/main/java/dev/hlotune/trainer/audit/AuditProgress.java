package dev.hlotune.trainer.audit;

/** Hears how far an audit is, in the thread that called it; what it throws ends the audit. */
@FunctionalInterface
public interface AuditProgress {
  /** Hears nothing. */
  AuditProgress NONE = (done, total) -> {};

  /**
   * More was looked at.
   *
   * @param done examples of a data set
   * @param total all of them
   */
  void advanced(long done, long total);
}
