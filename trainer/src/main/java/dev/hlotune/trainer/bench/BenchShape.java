package dev.hlotune.trainer.bench;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.data.Bucket;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the benchmark trains: a GPT-2 of the given sizes on one full batch, every position of it
 * supervised.
 *
 * @param layers blocks
 * @param heads attention heads
 * @param width of the residual
 * @param vocabulary words
 * @param rows sequences in the batch
 * @param length tokens of a sequence
 * @param scan whether the layers are looped over instead of unrolled
 */
public record BenchShape(
    int layers, int heads, int width, int vocabulary, int rows, int length, boolean scan) {

  CausalModel model() {
    return Families.of(
        new ModelConfig(
            Map.of(
                "model_type", "gpt2",
                "n_layer", layers,
                "n_head", heads,
                "n_embd", width,
                "vocab_size", vocabulary,
                "n_positions", Math.max(1024, length))),
        new Layout(scan ? Layering.SCAN : Layering.UNROLL, Remat.NOTHING));
  }

  Bucket bucket() {
    return new Bucket(rows, length);
  }

  /** Random tokens; the same every time. */
  Batch batch() {
    int size = rows * length;
    SplittableRandom random = new SplittableRandom(7);
    int[] tokens = random.ints(size, 0, vocabulary).toArray();
    int[] targets = random.ints(size, 0, vocabulary).toArray();
    int[] segments = new int[size];
    Arrays.fill(segments, 1);
    int[] positions = new int[size];
    for (int i = 0; i < size; i++) {
      positions[i] = i % length;
    }
    float[] weights = new float[size];
    Arrays.fill(weights, 1);
    return new Batch(
        bucket(),
        1,
        tokens,
        targets,
        segments,
        positions,
        weights,
        new BatchCounts(rows, size, size, size, 0, 0));
  }

  /**
   * Floating-point operations of one step as they are usually counted: two for each multiplication
   * of a matrix product, the backward pass twice the forward, attention as if nothing were masked.
   */
  double flops() {
    double tokens = (double) rows * length;
    double matrices = 2 * tokens * (12.0 * layers * width * width + (double) vocabulary * width);
    double attention = 4 * tokens * length * width * layers;
    return 3 * (matrices + attention);
  }
}
