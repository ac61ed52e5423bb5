package dev.hlotune.trainer.audit;

import java.util.List;
import java.util.Optional;

/**
 * What an audit found.
 *
 * @param train in what is trained on
 * @param heldOut in what is held out
 * @param findings what is worth knowing of it, worst first
 */
public record AuditReport(
    DataSetFacts train, Optional<DataSetFacts> heldOut, List<Finding> findings) {
  /** Copies the list. */
  public AuditReport {
    findings = List.copyOf(findings);
  }

  /** The findings of one level. */
  public List<Finding> findings(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).toList();
  }

  /** Whether there is no error. */
  public boolean passed() {
    return findings(Level.ERROR).isEmpty();
  }
}
