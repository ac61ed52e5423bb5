package dev.hlotune.trainer.score;

import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records in stretches that are scored together. */
final class Windows {
  /** A window ends at either: enough to fill batches, not more than memory holds easily. */
  private static final int MOST_RECORDS = 1 << 14;

  private static final long MOST_TOKENS = 1 << 22;

  private Windows() {}

  /**
   * Some consecutive records, every token of which is a target.
   *
   * @param all the records
   * @param from the first
   * @param size how many
   */
  record Window(Examples all, int from, int size) implements Examples {
    @Override
    public int length(int index) {
      return all.length(from + index);
    }

    @Override
    public Example get(int index) {
      int[] ids = all.get(from + index).ids();
      float[] weights = new float[ids.length];
      Arrays.fill(weights, 1, weights.length, 1);
      return new Example(ids, weights);
    }
  }

  /** All of them, in order. */
  static List<Window> of(Examples all) {
    List<Window> windows = new ArrayList<>();
    int from = 0;
    long tokens = 0;
    for (int i = 0; i < all.size(); i++) {
      tokens += all.length(i);
      if (i + 1 - from == MOST_RECORDS || tokens >= MOST_TOKENS || i + 1 == all.size()) {
        windows.add(new Window(all, from, i + 1 - from));
        from = i + 1;
        tokens = 0;
      }
    }
    return windows;
  }
}
