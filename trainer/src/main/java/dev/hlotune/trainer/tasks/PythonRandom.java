package dev.hlotune.trainer.tasks;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The numbers that Python's {@code random.Random(seed)} gives: the Mersenne Twister MT19937
 * (Matsumoto and Nishimura, 1998), seeded and drawn from as CPython does it, so that what nanochat
 * draws can be drawn again, and the examples that lm-evaluation-harness shows.
 */
public final class PythonRandom {
  private static final int SIZE = 624;
  private static final int SHIFT = 397;

  private final int[] state = new int[SIZE];
  private int at = SIZE;

  /**
   * As {@code random.Random(seed)}.
   *
   * @param seed at least 0
   */
  public PythonRandom(long seed) {
    int high = (int) (seed >>> 32);
    seed(high == 0 ? new int[] {(int) seed} : new int[] {(int) seed, high});
  }

  /** The reference's {@code init_by_array} over its {@code init_genrand(19650218)}. */
  private void seed(int[] key) {
    state[0] = 19650218;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * mixed(i - 1) + i;
    }
    int i = 1;
    for (int step = 0; step < SIZE; step++) {
      int j = step % key.length;
      state[i] = (state[i] ^ mixed(i - 1) * 1664525) + key[j] + j;
      i = next(i);
    }
    for (int step = 1; step < SIZE; step++) {
      state[i] = (state[i] ^ mixed(i - 1) * 1566083941) - i;
      i = next(i);
    }
    state[0] = Integer.MIN_VALUE;
  }

  private int mixed(int index) {
    return state[index] ^ (state[index] >>> 30);
  }

  private int next(int index) {
    if (index < SIZE - 1) {
      return index + 1;
    }
    state[0] = state[SIZE - 1];
    return 1;
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    at = 0;
  }

  /** 32 random bits. */
  private int word() {
    if (at == SIZE) {
      twist();
    }
    int y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** As {@code random()}: from 0 to below 1. */
  double random() {
    int high = word() >>> 5;
    int low = word() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /** As {@code randrange(bound)}; what is too large is drawn again. */
  int below(int bound) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
    int drawn = word() >>> (Integer.SIZE - bits);
    while (drawn >= bound) {
      drawn = word() >>> (Integer.SIZE - bits);
    }
    return drawn;
  }

  /** As {@code choice(list)}. */
  <T> T choice(List<T> list) {
    return list.get(below(list.size()));
  }

  /**
   * As {@code sample(range(size), count)}: that many different numbers below {@code size}.
   *
   * @throws IllegalArgumentException if there are not as many
   */
  public int[] sample(int size, int count) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(
          "sample: expected at most %d numbers, got %d".formatted(size, count));
    }
    int[] drawn = new int[count];
    if (size <= poolSize(count)) {
      int[] pool = IntStream.range(0, size).toArray();
      for (int i = 0; i < count; i++) {
        int place = below(size - i);
        drawn[i] = pool[place];
        pool[place] = pool[size - i - 1];
      }
      return drawn;
    }
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      do {
        drawn[i] = below(size);
      } while (!seen.add(drawn[i]));
    }
    return drawn;
  }

  /** How large a list CPython draws from by moving its elements, and not by drawing again. */
  private static int poolSize(int count) {
    int size = 21;
    if (count > 5) {
      size += (int) Math.pow(4, Math.ceil(Math.log(count * 3.0) / Math.log(4)));
    }
    return size;
  }

  /** As {@code shuffle(list)}. */
  void shuffle(List<?> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, below(i + 1));
    }
  }
}
