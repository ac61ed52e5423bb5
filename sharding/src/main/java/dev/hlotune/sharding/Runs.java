package dev.hlotune.sharding;

import dev.hlotune.hlo.Shape;

/**
 * A device's block within the whole array, both dense and row-major: as runs of elements that lie
 * side by side in either.
 *
 * @param length elements of each run
 * @param starts where each run starts in the whole array, in the order of the block
 */
// Read in place, within this package alone.
@SuppressWarnings("ArrayRecordComponent")
record Runs(long length, long[] starts) {
  static Runs of(Placement placement, int device) {
    Shape whole = placement.shape();
    long[] sizes = whole.sizes();
    long[] block = placement.shard().sizes();
    int last = sizes.length - 1;
    while (last >= 0 && sizes[last] == block[last]) {
      last--;
    }
    long[] starts = {0};
    long stride = whole.elements();
    for (int dimension = 0; dimension <= last; dimension++) {
      stride /= sizes[dimension];
      long first = placement.block(device, dimension) * block[dimension];
      // Within the innermost dimension that is split, a whole block is one run.
      int count = dimension == last ? 1 : Math.toIntExact(block[dimension]);
      long[] inner = new long[Math.multiplyExact(starts.length, count)];
      for (int index = 0; index < inner.length; index++) {
        inner[index] = starts[index / count] + (first + index % count) * stride;
      }
      starts = inner;
    }
    return new Runs(placement.shard().elements() / starts.length, starts);
  }

  /** Whether the block is one piece of the whole array. */
  boolean isContiguous() {
    return starts.length == 1;
  }
}
