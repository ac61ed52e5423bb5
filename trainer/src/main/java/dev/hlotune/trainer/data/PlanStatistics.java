package dev.hlotune.trainer.data;

import java.util.List;

/**
 * What one epoch of a plan executes.
 *
 * @param steps optimizer steps
 * @param tokens real tokens
 * @param positions all positions, padding and empty rows included
 * @param buckets the shapes that occur, shortest rows first
 */
public record PlanStatistics(int steps, long tokens, long positions, List<BucketUse> buckets) {
  /**
   * The use of one shape.
   *
   * @param bucket the shape
   * @param steps optimizer steps that take it
   * @param tokens real tokens in them
   * @param positions all positions in them
   */
  public record BucketUse(Bucket bucket, int steps, long tokens, long positions) {}

  /** Copies the list. */
  public PlanStatistics {
    buckets = List.copyOf(buckets);
  }

  /** The part of all positions that is padding, between 0 and 1. */
  public double paddingFraction() {
    return positions == 0 ? 0 : 1 - (double) tokens / positions;
  }
}
