package dev.hlotune.trainer.verify;

import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchAssembler;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.PlannedStep;

/** Packed rows laid out wrongly, as trainers have been known to do. */
enum WrongLayout implements PackingVerification.Assembler {
  /** The examples of a row see one another. */
  ONE_SEGMENT(true, false),
  /** Positions count on from one example to the next. */
  POSITIONS_RUN_ON(false, true),
  /** A row is one text. */
  BOTH(true, true);

  private final boolean oneSegment;
  private final boolean runOn;

  WrongLayout(boolean oneSegment, boolean runOn) {
    this.oneSegment = oneSegment;
    this.runOn = runOn;
  }

  @Override
  public Batch assemble(Examples examples, PlannedStep step) {
    Batch right = BatchAssembler.assemble(examples, step);
    int[] segments = right.segments().clone();
    int[] positions = right.positions().clone();
    for (int i = 0; i < segments.length; i++) {
      if (segments[i] > 0) {
        segments[i] = oneSegment ? 1 : segments[i];
        positions[i] = runOn ? i % right.bucket().length() : positions[i];
      }
    }
    return new Batch(
        right.bucket(),
        right.microBatches(),
        right.tokens(),
        right.targets(),
        segments,
        positions,
        right.weights(),
        right.counts());
  }
}
