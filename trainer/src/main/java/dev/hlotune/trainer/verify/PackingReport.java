package dev.hlotune.trainer.verify;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.source.Origin;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of comparing packed with unpacked rows.
 *
 * @param examples the examples, shortest first
 * @param batches one packed batch of each bucket
 * @param tolerance the relative difference up to which two results count as equal
 */
public record PackingReport(
    List<ExampleResult> examples, List<BatchResult> batches, Tolerance tolerance) {

  /**
   * One example, alone in its row and in its packed row.
   *
   * @param index its place among the training examples
   * @param origin where it was read
   * @param tokens its tokens
   * @param supervised those of them that carry loss
   * @param bucket the shape of its packed batch
   * @param segment its place in the packed row, from 1
   * @param segments how many examples share that row
   * @param loss both losses
   * @param gradient the difference of the gradients
   */
  public record ExampleResult(
      int index,
      Origin origin,
      int tokens,
      int supervised,
      Bucket bucket,
      int segment,
      int segments,
      Losses loss,
      GradientDifference gradient) {}

  /**
   * A whole packed batch, and the sum over its examples, each alone.
   *
   * @param bucket the shape of the packed batch
   * @param examples how many it holds
   * @param tokens their tokens
   * @param supervised those of them that carry loss
   * @param loss both losses
   * @param gradient the difference of the gradients
   */
  public record BatchResult(
      Bucket bucket,
      int examples,
      long tokens,
      long supervised,
      Losses loss,
      GradientDifference gradient) {}

  /**
   * Two sums of w·loss.
   *
   * @param packed of packed rows
   * @param alone of rows of one example each
   */
  public record Losses(double packed, double alone) {
    /** |packed - alone| / |alone|; where the loss alone is 0, that of the packed rows. */
    public double relative() {
      double difference = Math.abs(packed - alone);
      return alone == 0 ? difference : difference / Math.abs(alone);
    }
  }

  public PackingReport {
    examples = List.copyOf(examples);
    batches = List.copyOf(batches);
  }

  /** Whether every difference is within the tolerance; a NaN is not. */
  public boolean agrees() {
    return worstLoss() <= tolerance.loss() && worstGradient().relative() <= tolerance.gradient();
  }

  /** The greatest relative difference of a loss; NaN if one is. */
  public double worstLoss() {
    double worst = 0;
    for (ExampleResult one : examples) {
      worst = Math.max(worst, one.loss.relative());
    }
    for (BatchResult one : batches) {
      worst = Math.max(worst, one.loss.relative());
    }
    return worst;
  }

  /** The greatest relative difference of a gradient. */
  public GradientDifference worstGradient() {
    return GradientDifference.worst(
        Stream.concat(
                examples.stream().map(ExampleResult::gradient),
                batches.stream().map(BatchResult::gradient))
            .toList());
  }
}
