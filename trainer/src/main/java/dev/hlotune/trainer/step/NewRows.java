package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import java.util.Arrays;

/**
 * Rows that a weight has beyond those of its file: tokens that the vocabulary was given since. Each
 * is the mean of the rows in the file, which bounds by how much the probabilities of the old tokens
 * change (Hewitt 2021, "Initializing new word embeddings for pretrained language models").
 * transformers draws them from a normal distribution around that mean with a billionth of the
 * covariance; this is its expectation.
 */
final class NewRows {
  private NewRows() {}

  /**
   * Fills the rows that are missing.
   *
   * @param values the weight, whose first rows are those of the file
   * @param saved its shape in the file
   * @param wanted its shape, which differs in the outermost axis alone
   */
  static void fill(float[] values, Shape saved, Shape wanted) {
    long[] before = saved.sizes();
    long[] after = wanted.sizes();
    boolean grown =
        before.length == after.length
            && before.length > 0
            && before[0] > 0
            && before[0] < after[0]
            && Arrays.equals(before, 1, before.length, after, 1, after.length);
    if (!grown) {
      throw new IllegalArgumentException(
          "weight: expected %s with more rows, got %s".formatted(saved, wanted));
    }
    int width = Math.toIntExact(saved.elements() / before[0]);
    double[] sums = new double[width];
    for (int row = 0; row < before[0]; row++) {
      for (int i = 0; i < width; i++) {
        sums[i] += values[row * width + i];
      }
    }
    for (int row = (int) before[0]; row < after[0]; row++) {
      for (int i = 0; i < width; i++) {
        values[row * width + i] = (float) (sums[i] / before[0]);
      }
    }
  }
}
