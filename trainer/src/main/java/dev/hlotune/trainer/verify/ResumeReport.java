package dev.hlotune.trainer.verify;

import java.util.List;

/**
 * What came of comparing an interrupted run with one that was not.
 *
 * @param steps updates of both
 * @param at after which of them one was interrupted
 * @param stepsPerEpoch updates of an epoch
 * @param lines how many lines of metrics were compared, one for each update
 * @param differences figures that are not the same, in the order of updates
 * @param files names of the files with weights and optimizer state that were compared
 * @param otherFiles those of them that are not the same, byte for byte
 */
public record ResumeReport(
    int steps,
    int at,
    int stepsPerEpoch,
    int lines,
    List<Difference> differences,
    List<String> files,
    List<String> otherFiles) {
  /** Keeps its own copies. */
  public ResumeReport {
    differences = List.copyOf(differences);
    files = List.copyOf(files);
    otherFiles = List.copyOf(otherFiles);
  }

  /**
   * A figure that is not the same.
   *
   * @param step after which update
   * @param key its name in metrics.jsonl
   * @param uninterrupted as the one run has it
   * @param resumed as the other has it
   */
  public record Difference(int step, String key, String uninterrupted, String resumed) {}

  /** Whether all is the same. */
  public boolean agrees() {
    return differences.isEmpty() && otherFiles.isEmpty();
  }
}
