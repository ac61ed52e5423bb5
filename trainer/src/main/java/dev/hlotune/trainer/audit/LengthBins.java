package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.LengthHistogram;
import java.util.ArrayList;
import java.util.List;

/**
 * Lengths in a few bins of equal width, a power of two.
 *
 * @param bins from the shortest on, none of them beyond the longest length
 */
public record LengthBins(List<Bin> bins) {
  private static final int MOST = 16;

  /**
   * Examples of about one length.
   *
   * @param from the fewest tokens
   * @param to the most
   * @param examples how many there are
   */
  public record Bin(int from, int to, long examples) {}

  /** Copies the list. */
  public LengthBins {
    bins = List.copyOf(bins);
  }

  /** The bins of some lengths. */
  public static LengthBins of(LengthHistogram lengths) {
    int width = 1;
    while (Math.ceilDiv(lengths.longest(), width) > MOST) {
      width *= 2;
    }
    List<Bin> bins = new ArrayList<>();
    for (int from = 1; from <= lengths.longest(); from += width) {
      long examples = 0;
      for (int length = from; length < from + width; length++) {
        examples += lengths.count(length);
      }
      bins.add(new Bin(from, from + width - 1, examples));
    }
    return new LengthBins(bins);
  }

  /** The examples of the fullest bin. */
  public long most() {
    return bins.stream().mapToLong(Bin::examples).max().orElse(0);
  }
}
