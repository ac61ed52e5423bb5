package dev.hlotune.hlo.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Layers that are not all alike, as stretches in which the same few kinds repeat, so that a loop
 * over the repetitions prints each kind once.
 */
final class LayerPattern {
  private LayerPattern() {}

  /**
   * Layers in which the kinds of the first {@code period} repeat.
   *
   * @param start the first layer
   * @param period how many layers repeat
   * @param repeats how often they stand there
   */
  record Stretch(int start, int period, int repeats) {
    int layers() {
      return period * repeats;
    }
  }

  /** The stretches of the fewest printed layers, and among those the fewest stretches. */
  static List<Stretch> of(List<?> kinds) {
    int count = kinds.size();
    int[] cost = new int[count + 1];
    Stretch[] best = new Stretch[count];
    for (int start = count - 1; start >= 0; start--) {
      cost[start] = Integer.MAX_VALUE;
      for (int period = 1; period <= count - start; period++) {
        int most = repeats(kinds, start, period);
        for (int repeats = 1; repeats <= most; repeats++) {
          int own = period + 1 + cost[start + period * repeats];
          if (own <= cost[start]) {
            cost[start] = own;
            best[start] = new Stretch(start, period, repeats);
          }
        }
      }
    }
    List<Stretch> stretches = new ArrayList<>();
    for (int start = 0; start < count; start += best[start].layers()) {
      stretches.add(best[start]);
    }
    return stretches;
  }

  private static int repeats(List<?> kinds, int start, int period) {
    int at = start + period;
    while (at < kinds.size() && kinds.get(at).equals(kinds.get(at - period))) {
      at++;
    }
    return (at - start) / period;
  }
}
