package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * A tokenized record.
 *
 * @param ids token ids, at least one
 * @param weights the loss weight of each token <em>as a target</em>: {@code weights[i]} belongs to
 *     predicting {@code ids[i]} from what stands before it; the first is 0, since nothing does
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of these: boxed lists would not do.
public record Example(int[] ids, float[] weights) {
  /** Checks lengths and weights. The arrays are not copied: the example owns them. */
  public Example {
    if (ids.length == 0 || ids.length != weights.length) {
      throw new DataException(
          "example: expected as many weights as ids and at least one, got "
              + ids.length
              + " ids and "
              + weights.length
              + " weights");
    }
    if (weights[0] != 0) {
      throw new DataException(
          "example: expected weight 0 for the first token, which nothing predicts, got "
              + weights[0]);
    }
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        throw new DataException("example: expected finite weights, got " + weight);
      }
    }
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }

  /** The number of tokens that carry loss. */
  public int supervised() {
    int count = 0;
    for (float weight : weights) {
      count += weight != 0 ? 1 : 0;
    }
    return count;
  }
}
