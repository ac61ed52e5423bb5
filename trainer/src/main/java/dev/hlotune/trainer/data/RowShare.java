package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * The part of each micro-batch that one process of a run works on: its rows are cut into equal
 * blocks, and the process has some consecutive ones. Processes whose devices hold the same rows
 * have the same share.
 *
 * @param firstBlock the first block, from 0
 * @param endBlock the one after the last
 * @param blocks how many there are
 */
public record RowShare(int firstBlock, int endBlock, int blocks) {
  /** Everything, as a process without others has it. */
  public static final RowShare ALL = new RowShare(0, 1, 1);

  /** Checks that there is at least one block. */
  public RowShare {
    if (firstBlock < 0 || endBlock <= firstBlock || endBlock > blocks) {
      throw new DataException(
          "rows of a process: expected some of "
              + blocks
              + " blocks, got "
              + firstBlock
              + " to "
              + endBlock);
    }
  }

  /**
   * Its rows.
   *
   * @throws DataException if the rows cannot be cut into equal blocks
   */
  public RowRange of(Bucket bucket) {
    if (bucket.rows() % blocks != 0) {
      throw new DataException(
          "rows of a process: expected a multiple of "
              + blocks
              + " rows, got "
              + bucket
              + "; change per_device_train_batch_size or the mesh");
    }
    int block = bucket.rows() / blocks;
    return new RowRange(firstBlock * block, endBlock * block);
  }
}
