package dev.hlotune.hlo;

/** What a backward pass computes again instead of keeping from the forward pass. */
public enum Remat {
  /** Nothing but views and masks is computed again: fastest, most memory. */
  NOTHING,
  /** Matrix products are kept, everything elementwise between them is computed again. */
  DOTS,
  /** Only the inputs of the block are kept: least memory, one more forward pass. */
  EVERYTHING
}
