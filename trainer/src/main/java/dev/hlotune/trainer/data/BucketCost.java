package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * What a position costs, in units of one token through the parts of the model that do not depend on
 * the length of its row.
 *
 * @param attentionPerLength what each further position of the row adds. For a transformer of width
 *     {@code d} attention takes 4·d·length operations a layer where the matrices take 24·d², hence
 *     {@code 1 / (6·d)}
 * @param compile what one more shape costs, in tokens that could have been trained meanwhile
 */
public record BucketCost(double attentionPerLength, double compile) {
  /** Checks that neither is negative. */
  public BucketCost {
    if (!(attentionPerLength >= 0) || !(compile >= 0)) {
      throw new DataException(
          "bucket cost: expected nothing negative, got " + attentionPerLength + " and " + compile);
    }
  }

  /** The cost for a transformer of this width; a compilation counts as 16,384 tokens. */
  public static BucketCost forWidth(int width) {
    return new BucketCost(1.0 / (6.0 * width), 16_384);
  }

  /** The cost of a full row of this length, padding included. */
  double row(int length) {
    return length * (1 + attentionPerLength * length);
  }
}
