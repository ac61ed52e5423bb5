package dev.hlotune.trainer.data;

/**
 * What a batch holds, over all of its micro-batches.
 *
 * @param examples examples in the batch
 * @param tokens real tokens, padding not counted
 * @param supervised positions whose target carries loss
 * @param weight the sum of the loss weights, in double precision
 * @param padding positions that hold no token
 * @param maskedRows rows that hold tokens and nothing to learn: none of their targets carries loss
 */
public record BatchCounts(
    int examples, long tokens, long supervised, double weight, long padding, int maskedRows) {
  /** The part of all positions that is padding, between 0 and 1. */
  public double paddingFraction() {
    return (double) padding / (tokens + padding);
  }
}
