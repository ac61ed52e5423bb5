package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketLadder;

/**
 * How the rows of batches are shared by devices.
 *
 * @param shares among how many devices the rows of a batch are split; each has as many rows of the
 *     longest shape as the recipe gives a device
 * @param multiple of what the rows of every shape are a multiple: of the shares, and where a run
 *     goes on, of what they were before
 */
record RowShares(int shares, int multiple) {
  /** All rows on one device. */
  static final RowShares ONE = of(1);

  /** So many shares. */
  static RowShares of(int shares) {
    return new RowShares(shares, shares);
  }

  /** The same with rows that are multiples of another number too, if they can be that alone. */
  RowShares asIn(int other) {
    return new RowShares(shares, other % shares == 0 ? other : shares);
  }

  /** Shapes with as many rows as all devices have together. */
  BucketLadder fit(BucketLadder ladder) {
    return multiple == 1
        ? ladder
        : new BucketLadder(
            ladder.buckets().stream()
                .map(bucket ->
                    new Bucket(
                        Math.max(multiple, bucket.rows() - bucket.rows() % multiple),
                        bucket.length()))
                .toList());
  }
}
