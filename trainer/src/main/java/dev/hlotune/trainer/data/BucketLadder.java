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
   * The ladder for packed rows: equal tokens per shape ({@code batchSize × maxLength}), so that
   * short examples go to many short rows and pay less attention.
   *
   * @param lengths the examples' lengths, none above {@code maxLength}
   * @param batchSize rows of the longest shape
   * @param maxLength tokens of the longest row
   * @param maxBuckets at most this many shapes
   * @param cost what padding, attention and compilation are weighed by
   */
  public static BucketLadder packed(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    check(lengths, batchSize, maxLength, maxBuckets);
    return new BucketLadder(LadderSearch.packed(lengths, batchSize, maxLength, maxBuckets, cost));
  }

  /**
   * The ladder for one example a row: always {@code batchSize} rows, lengths chosen so that
   * padding, attention and compilation together cost least (exactly, by dynamic programming).
   *
   * @param lengths the examples' lengths, none above {@code maxLength}
   * @param batchSize rows of every shape
   * @param maxLength no shape is longer
   * @param maxBuckets at most this many shapes
   * @param cost what padding, attention and compilation are weighed by
   */
  public static BucketLadder unpacked(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    check(lengths, batchSize, maxLength, maxBuckets);
    return new BucketLadder(LadderSearch.unpacked(lengths, batchSize, maxLength, maxBuckets, cost));
  }

  private static void check(LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets) {
    if (batchSize < 1 || maxLength < 2 || maxBuckets < 1) {
      throw new DataException(
          "bucket ladder: expected a batch size of at least 1, a max_length of at least 2 and at"
              + " least 1 bucket, got "
              + batchSize
              + ", "
              + maxLength
              + " and "
              + maxBuckets);
    }
    if (lengths.longest() > maxLength) {
      throw new DataException(
          "bucket ladder: expected examples of at most "
              + maxLength
              + " tokens, got one of "
              + lengths.longest());
    }
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
