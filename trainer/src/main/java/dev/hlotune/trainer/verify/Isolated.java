package dev.hlotune.trainer.verify;

import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.PlannedStep;

/** A packed batch in which one example alone has weight; all others are there as they were. */
final class Isolated {
  private Isolated() {}

  /** The same batch with the weights of all other examples at 0. */
  static Batch of(Batch batch, Examples examples, PlannedStep step, PackedSample.Place place) {
    int[] row = step.rows()[place.row()];
    int from = place.row() * batch.bucket().length();
    for (int segment = 0; segment < place.segment(); segment++) {
      from += examples.length(row[segment]);
    }
    float[] weights = new float[batch.weights().length];
    int length = examples.length(place.example());
    System.arraycopy(batch.weights(), from, weights, from, length);
    int supervised = 0;
    double sum = 0;
    for (float weight : weights) {
      supervised += weight != 0 ? 1 : 0;
      sum += weight;
    }
    BatchCounts counts = batch.counts();
    return new Batch(
        batch.bucket(),
        batch.microBatches(),
        batch.tokens(),
        batch.targets(),
        batch.segments(),
        batch.positions(),
        weights,
        new BatchCounts(
            counts.examples(), counts.tokens(), supervised, sum, counts.padding(), masked(step)));
  }

  /** All rows but the one of the example, and those that are empty. */
  private static int masked(PlannedStep step) {
    int rows = 0;
    for (int[] row : step.rows()) {
      rows += row.length > 0 ? 1 : 0;
    }
    return rows - 1;
  }
}
