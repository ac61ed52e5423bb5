package dev.hlotune.trainer.data;

import java.util.Arrays;

/** How many examples have which number of tokens. */
public final class LengthHistogram {
  private final long[] counts;
  private final long examples;
  private final long tokens;

  private LengthHistogram(long[] counts) {
    long examples = 0;
    long tokens = 0;
    for (int length = 0; length < counts.length; length++) {
      examples += counts[length];
      tokens += counts[length] * length;
    }
    this.counts = counts;
    this.examples = examples;
    this.tokens = tokens;
  }

  /** The histogram of some examples. */
  public static LengthHistogram of(Examples examples) {
    int longest = 0;
    for (int i = 0; i < examples.size(); i++) {
      longest = Math.max(longest, examples.length(i));
    }
    long[] counts = new long[longest + 1];
    for (int i = 0; i < examples.size(); i++) {
      counts[examples.length(i)]++;
    }
    return new LengthHistogram(counts);
  }

  /** The histogram of some lengths, each at least 0. */
  public static LengthHistogram of(int[] lengths) {
    long[] counts = new long[Arrays.stream(lengths).max().orElse(0) + 1];
    for (int length : lengths) {
      counts[length]++;
    }
    return new LengthHistogram(counts);
  }

  /** This and another, as one: a ladder that also serves evaluation is chosen from both. */
  public LengthHistogram plus(LengthHistogram other) {
    long[] sum = Arrays.copyOf(counts, Math.max(counts.length, other.counts.length));
    for (int length = 0; length < other.counts.length; length++) {
      sum[length] += other.counts[length];
    }
    return new LengthHistogram(sum);
  }

  /** Examples of exactly this many tokens. */
  public long count(int length) {
    return length < 0 || length >= counts.length ? 0 : counts[length];
  }

  /** The longest length, 0 where there is no example. */
  public int longest() {
    return counts.length - 1;
  }

  /** All examples. */
  public long examples() {
    return examples;
  }

  /** All tokens. */
  public long tokens() {
    return tokens;
  }

  /** The mean length, 0 where there is no example. */
  public double mean() {
    return examples == 0 ? 0 : (double) tokens / examples;
  }

  /**
   * The rows of at most this length where examples, drawn freely, come {@code together} and all
   * take the length of the longest of them: what is expected, as a fraction. With 1 together it is
   * the number of examples of at most this length.
   */
  double rowsUpTo(int length, int together) {
    long upTo = 0;
    for (int i = 0; i <= Math.min(length, longest()); i++) {
      upTo += counts[i];
    }
    return together == 1 ? upTo : examples * Math.pow((double) upTo / examples, together);
  }

  /**
   * The smallest length that at least this part of the examples does not exceed.
   *
   * @param fraction between 0 and 1
   */
  public int quantile(double fraction) {
    long wanted = (long) Math.ceil(fraction * examples);
    long seen = 0;
    for (int length = 0; length < counts.length; length++) {
      seen += counts[length];
      if (seen >= wanted && seen > 0) {
        return length;
      }
    }
    return longest();
  }

  /**
   * About {@code size} lengths that stand for all of them, in ascending order: all where there are
   * not more, else evenly spaced ones.
   */
  int[] sample(int size) {
    int n = (int) Math.min(size, examples);
    int[] sample = new int[n];
    long seen = 0;
    int next = 0;
    for (int length = 0; length < counts.length; length++) {
      seen += counts[length];
      while (next < n && (long) ((next + 0.5) * examples / n) < seen) {
        sample[next++] = length;
      }
    }
    return sample;
  }
}
