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
    return assemble(examples, step, RowRange.all(step.bucket()));
  }

  /**
   * Does so for some of the rows of each micro-batch, and reads the examples of no others.
   *
   * @param rows which
   * @throws DataException if a row holds more tokens than its bucket's length
   */
  public static Batch assemble(Examples examples, PlannedStep step, RowRange rows) {
    Bucket bucket = step.bucket();
    int length = bucket.length();
    int microBatches = step.rows().length / bucket.rows();
    int size = Math.multiplyExact(microBatches, rows.count() * length);
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
    int at = 0;
    for (int row = 0; row < step.rows().length; row++) {
      boolean here = rows.contains(row % bucket.rows());
      int start = at;
      int used = 0;
      int segment = 0;
      long before = supervised;
      for (int index : step.rows()[row]) {
        int n = examples.length(index);
        if (n > length - used) {
          throw new DataException(
              "row of " + bucket + ": expected at most " + length + " tokens, got more");
        }
        segment++;
        Learned learned;
        if (here) {
          Example example = examples.get(index);
          learned = Learned.of(example);
          System.arraycopy(example.ids(), 0, tokens, at, n);
          System.arraycopy(example.ids(), 1, targets, at, n - 1);
          System.arraycopy(example.weights(), 1, weights, at, n - 1);
          for (int i = 0; i < n; i++) {
            segments[at + i] = segment;
            positions[at + i] = i;
          }
          at += n;
        } else {
          // The same numbers, in the same order, as the process has that reads it.
          learned = examples.learned(index);
        }
        supervised += learned.tokens();
        weight += learned.weight();
        used += n;
        count++;
      }
      real += used;
      masked += segment > 0 && supervised == before ? 1 : 0;
      at = here ? start + length : start;
    }
    long whole = (long) step.rows().length * length;
    return new Batch(
        bucket,
        microBatches,
        rows,
        tokens,
        targets,
        segments,
        positions,
        weights,
        new BatchCounts(count, real, supervised, weight, whole - real, masked));
  }
}
