package dev.hlotune.trainer.data;

import java.util.SplittableRandom;

/** Orders that depend on a seed and an epoch alone (Fisher and Yates over SplitMix64). */
final class Shuffle {
  private final SplittableRandom random;

  Shuffle(long seed, int epoch) {
    // The golden ratio spreads neighbouring epochs over all seeds.
    this.random = new SplittableRandom(seed + epoch * 0x9E3779B97F4A7C15L);
  }

  /** Shuffles {@code values[from..to)}. */
  void range(int[] values, int from, int to) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** Shuffles all values. */
  <T> void all(T[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
