package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/** Fills the arrays of a {@link Batch} from a {@link PlannedStep}. */
public final class BatchAssembler {
  private BatchAssembler() {}

  /**
   * Reads the examples of a step and lays them out: segments from 1 in each row, positions
   * restarted at 0, and each target the next token of the same example.
   *
   * @throws DataException if a row holds more tokens than its bucket's length
   */
  public static Batch assemble(Examples examples, PlannedStep step) {
    Bucket bucket = step.bucket();
    int length = bucket.length();
    int size = Math.multiplyExact(step.rows().length, length);
    int[] tokens = new int[size];
    int[] targets = new int[size];
    int[] segments = new int[size];
    int[] positions = new int[size];
    float[] weights = new float[size];
    int count = 0;
    long real = 0;
    long supervised = 0;
    double weight = 0;
    int masked = 0;
    for (int row = 0; row < step.rows().length; row++) {
      int at = row * length;
      int end = at + length;
      int segment = 0;
      long before = supervised;
      for (int index : step.rows()[row]) {
        Example example = examples.get(index);
        int n = example.length();
        if (n > end - at) {
          throw new DataException(
              "row of " + bucket + ": expected at most " + length + " tokens, got more");
        }
        segment++;
        System.arraycopy(example.ids(), 0, tokens, at, n);
        System.arraycopy(example.ids(), 1, targets, at, n - 1);
        System.arraycopy(example.weights(), 1, weights, at, n - 1);
        for (int i = 0; i < n; i++) {
          segments[at + i] = segment;
          positions[at + i] = i;
        }
        for (int i = 0; i < n - 1; i++) {
          supervised += weights[at + i] != 0 ? 1 : 0;
          weight += weights[at + i];
        }
        at += n;
        real += n;
        count++;
      }
      masked += segment > 0 && supervised == before ? 1 : 0;
    }
    return new Batch(
        bucket,
        step.rows().length / bucket.rows(),
        tokens,
        targets,
        segments,
        positions,
        weights,
        new BatchCounts(count, real, supervised, weight, size - real, masked));
  }
}
