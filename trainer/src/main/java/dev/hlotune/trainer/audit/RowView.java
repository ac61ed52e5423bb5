package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.source.Origin;
import java.util.List;

/**
 * The row that an example stands in, in the first epoch.
 *
 * @param step the update, from 1
 * @param steps updates of an epoch
 * @param microBatch the micro-batch of the update, from 1
 * @param row the row of the micro-batch, from 1
 * @param bucket the shape of the micro-batch
 * @param segments the examples of the row, in order
 * @param segment which of them it is, from 1
 */
public record RowView(
    int step,
    int steps,
    int microBatch,
    int row,
    Bucket bucket,
    List<Segment> segments,
    int segment) {
  /** Copies the list. */
  public RowView {
    segments = List.copyOf(segments);
  }

  /**
   * An example of a row.
   *
   * @param origin where it was read
   * @param from the place of its first token in the row, from 0
   * @param to that after its last one
   */
  public record Segment(Origin origin, int from, int to) {}

  /** Tokens of padding at the end. */
  public int padding() {
    return bucket.length() - segments.getLast().to();
  }
}
