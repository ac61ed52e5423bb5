package dev.hlotune.trainer.loop;

import dev.hlotune.configs.BatchConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.BucketLadder;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanOptions;
import java.util.Optional;

/**
 * How the examples of a run become batches, all of them with row lengths of one ladder.
 *
 * @param ladder how the lengths were chosen, from training and held-out examples together
 * @param rows how devices share them
 * @param train the batches of training examples
 * @param heldOut the batches of held-out examples, one to a program call
 */
record Batches(LadderReport ladder, RowShares rows, BatchPlan train, Optional<BatchPlan> heldOut) {

  /**
   * Chooses the ladder and plans.
   *
   * @param width of the model, by which attention is weighed
   * @param rows how devices share them
   */
  static Batches of(
      SftConfig config, int width, RowShares rows, Examples train, Optional<Examples> heldOut) {
    BatchConfig batch = config.batch();
    PlanOptions options =
        new PlanOptions(
            batch.packing(),
            batch.shuffle(),
            batch.groupByLength(),
            config.machine().dataSeed(),
            batch.gradientAccumulationSteps());
    LengthHistogram lengths = LengthHistogram.of(train);
    LadderReport report =
        ladder(
            heldOut.map(LengthHistogram::of).map(lengths::plus).orElse(lengths),
            batch,
            Math.multiplyExact(batch.trainBatchSize(), rows.shares()),
            options,
            config.data().maxLength(),
            BucketCost.forWidth(width));
    BucketLadder ladder = rows.fit(report.ladder());
    BucketLadder evaluation =
        rows.fit(report.ladder().resized(batch.trainBatchSize(), batch.evalBatchSize()));
    return new Batches(
        report,
        rows,
        BatchPlan.of(train, ladder, options),
        heldOut.map(examples ->
            BatchPlan.of(examples, evaluation, PlanOptions.evaluation(batch.packing()))));
  }

  private static LadderReport ladder(
      LengthHistogram lengths,
      BatchConfig batch,
      int rows,
      PlanOptions options,
      int maxLength,
      BucketCost cost) {
    if (batch.packing()) {
      return LadderReport.packed(lengths, rows, maxLength, batch.maxBuckets(), cost);
    }
    int together = options.grouped() ? 1 : Math.multiplyExact(rows, options.microBatches());
    return LadderReport.unpacked(lengths, rows, maxLength, batch.maxBuckets(), together, cost);
  }
}
