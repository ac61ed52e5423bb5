package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Comparator;
import java.util.List;

/**
 * The closed set of shapes of a run, shortest rows first.
 *
 * @param buckets distinct lengths in ascending order, at least one
 */
public record BucketLadder(List<Bucket> buckets) {
  /** Sorts and checks the buckets. */
  public BucketLadder {
    buckets = buckets.stream().sorted(Comparator.comparingInt(Bucket::length)).toList();
    if (buckets.isEmpty()) {
      throw new DataException("bucket ladder: expected at least one bucket, got none");
    }
    for (int i = 1; i < buckets.size(); i++) {
      if (buckets.get(i).length() == buckets.get(i - 1).length()) {
        throw new DataException(
            "bucket ladder: expected distinct lengths, got " + buckets.get(i).length() + " twice");
      }
    }
  }

  /** One shape for everything. */
  public static BucketLadder single(int rows, int length) {
    return new BucketLadder(List.of(new Bucket(rows, length)));
  }

  /**
   * The ladder for packed rows, see {@link LadderReport#packed}.
   *
   * @param batchSize rows of the longest shape
   */
  public static BucketLadder packed(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    return LadderReport.packed(lengths, batchSize, maxLength, maxBuckets, cost).ladder();
  }

  /**
   * The ladder for one example a row where each batch holds examples of one shape, see {@link
   * LadderReport#unpacked}.
   *
   * @param batchSize rows of every shape
   */
  public static BucketLadder unpacked(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    return LadderReport.unpacked(lengths, batchSize, maxLength, maxBuckets, 1, cost).ladder();
  }

  /**
   * Rows of the same lengths, more or fewer of them: as many as a batch size of {@code to} has
   * where this ladder is that of a batch size of {@code from}, and at least one.
   */
  public BucketLadder resized(int from, int to) {
    return new BucketLadder(
        buckets.stream()
            .map(bucket ->
                new Bucket((int) Math.max(1, (long) bucket.rows() * to / from), bucket.length()))
            .toList());
  }

  /** The longest shape. */
  public Bucket longest() {
    return buckets.getLast();
  }

  /**
   * The shortest bucket whose rows hold this many tokens.
   *
   * @throws DataException if none does
   */
  public Bucket holding(int length) {
    return buckets.get(indexHolding(length));
  }

  /** The place in {@link #buckets} of the shortest bucket whose rows hold this many tokens. */
  int indexHolding(int length) {
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.get(i).length() >= length) {
        return i;
      }
    }
    throw new DataException(
        "bucket ladder: expected at most " + longest().length() + " tokens, got " + length);
  }

  /** The row lengths, ascending. */
  int[] lengths() {
    return buckets.stream().mapToInt(Bucket::length).toArray();
  }
}
