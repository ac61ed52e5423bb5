package dev.hlotune.trainer.loop;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param outcome whether it came to its end
 * @param steps updates done
 * @param plannedSteps updates that were to be done; 0 where it ended before that was known
 * @param skippedSteps updates left out because no token of their batch was supervised, or their
 *     gradient was no number
 * @param trainLoss the mean loss of the run over supervised tokens
 * @param evalLoss the last loss on held-out data
 * @param exactMatch the last count of exactly right greedy answers
 * @param seconds wall-clock time from the first update to the last
 * @param numTokens real tokens seen
 * @param recompiles programs compiled after the first update
 * @param results what it came to, in the keys of {@code transformers}
 * @param outputDirectory where results are
 */
public record RunSummary(
    Outcome outcome,
    int steps,
    int plannedSteps,
    int skippedSteps,
    double trainLoss,
    Optional<Double> evalLoss,
    Optional<ExactMatch> exactMatch,
    double seconds,
    long numTokens,
    int recompiles,
    TrainResults results,
    Path outputDirectory) {

  /** How a run can end. */
  public enum Outcome {
    /** All was done. */
    DONE,
    /** It was asked to stop, and left the model as it was then. */
    INTERRUPTED,
    /** The loss or its gradient was no number; there is no model to leave. */
    DIVERGED
  }

  /** A run that was asked to stop before its first update. */
  static RunSummary nothing(Path outputDirectory) {
    return new RunSummary(
        Outcome.INTERRUPTED,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        0,
        TrainResults.NONE,
        outputDirectory);
  }

  /**
   * Greedy answers compared with the reference.
   *
   * @param right answers that match exactly
   * @param asked questions
   */
  public record ExactMatch(int right, int asked) {

    public ExactMatch {
      if (right < 0 || asked < 1 || right > asked) {
        throw new IllegalArgumentException(
            "exact match: expected 0 to 'asked' right answers, got " + right + " of " + asked);
      }
    }

    /** The part that is right, between 0 and 1. */
    public double rate() {
      return (double) right / asked;
    }
  }
}
