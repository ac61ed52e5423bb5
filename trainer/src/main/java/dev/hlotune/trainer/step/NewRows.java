package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.trainer.checkpoint.FloatConversion;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Rows that a weight has beyond those of its file: tokens that the vocabulary was given since. Each
 * is the mean of the rows in the file, which bounds by how much the probabilities of the old tokens
 * change (Hewitt 2021, "Initializing new word embeddings for pretrained language models").
 * transformers draws them from a normal distribution around that mean with a billionth of the
 * covariance; this is its expectation.
 */
final class NewRows {
  /** Numbers that are summed at a time. */
  private static final int BLOCK = 1 << 16;

  private NewRows() {}

  /**
   * Puts the rows that are missing.
   *
   * @param upload the weight, whose first rows are those of the file
   * @param tensor the weight in the file
   * @param wanted its shape, which differs in the outermost axis alone
   */
  static void put(WeightUpload upload, TensorEntry tensor, Shape wanted) {
    long[] before = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    long[] after = wanted.sizes();
    boolean grown =
        before.length == after.length
            && before.length > 0
            && before[0] > 0
            && before[0] < after[0]
            && Arrays.equals(before, 1, before.length, after, 1, after.length);
    if (!grown) {
      throw new IllegalArgumentException(
          "weight: expected %s with more rows, got %s".formatted(tensor.shape(), wanted));
    }
    float[] mean = mean(tensor);
    for (long row = before[0]; row < after[0]; row++) {
      upload.put(MemorySegment.ofArray(mean), StorageType.F32, row * mean.length);
    }
  }

  /** The mean of the rows of a tensor. */
  static float[] mean(TensorEntry tensor) {
    long rows = tensor.shape().getFirst();
    int width = Math.toIntExact(tensor.elementCount() / rows);
    double[] sums = new double[width];
    int together = (int) Math.clamp(BLOCK / Math.max(1, width), 1, rows);
    for (long row = 0; row < rows; row += together) {
      float[] values = new float[(int) Math.min(together, rows - row) * width];
      FloatConversion.toFloats(tensor.data(), tensor.type(), row * width, values);
      for (int i = 0; i < values.length; ) {
        for (int column = 0; column < width; column++, i++) {
          sums[column] += values[i];
        }
      }
    }
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / rows);
    }
    return mean;
  }
}
