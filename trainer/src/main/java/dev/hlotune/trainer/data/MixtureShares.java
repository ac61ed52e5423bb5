package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How many examples of each data set an epoch of a mixture holds.
 *
 * <p>{@code repeat} is how often each example is seen: 2 is twice, 0.5 is half of them, drawn by
 * the seed. {@code weight} is the data set's part of the epoch instead; with weights, the epoch is
 * as long as it can be before the data set that runs out first runs out (as {@code first_exhausted}
 * of {@code datasets.interleave_datasets} has it), or so long that every example of every one is
 * seen ({@code all_exhausted}).
 */
public final class MixtureShares {
  private MixtureShares() {}

  /**
   * What a recipe says about one data set.
   *
   * @param weight its part of the epoch, relative to the other weights; either all have one or none
   * @param repeat how often each example is seen, where there are no weights
   * @param seed decides which examples are drawn where it is not a whole number of times
   */
  public record Wish(OptionalDouble weight, double repeat, long seed) {
    /** Checks that both are positive. */
    public Wish {
      if (!(repeat > 0) || (weight.isPresent() && !(weight.getAsDouble() > 0))) {
        throw new DataException(
            "mixture: expected a weight and a repeat above 0, got " + weight + " and " + repeat);
      }
    }
  }

  /** When an epoch by weights ends. */
  public enum Stop {
    /** When the first data set has been seen whole. */
    FIRST_EXHAUSTED,
    /** When the last one has. */
    ALL_EXHAUSTED
  }

  /**
   * The examples that each data set gives to an epoch.
   *
   * @param sizes the number of examples of each
   * @param wishes what the recipe says about each
   * @throws DataException if only some have a weight, or one with a weight has no example
   */
  public static long[] of(int[] sizes, List<Wish> wishes, Stop stop) {
    long weighted = wishes.stream().filter(wish -> wish.weight().isPresent()).count();
    if (weighted == 0) {
      long[] shares = new long[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        shares[i] = Math.round(sizes[i] * wishes.get(i).repeat());
      }
      return shares;
    }
    if (weighted < wishes.size()) {
      throw new DataException(
          "mixture: expected a weight for every data set or for none, got "
              + weighted
              + " of "
              + wishes.size());
    }
    return byWeight(sizes, wishes, stop);
  }

  private static long[] byWeight(int[] sizes, List<Wish> wishes, Stop stop) {
    double sum = wishes.stream().mapToDouble(wish -> wish.weight().orElseThrow()).sum();
    double total = stop == Stop.FIRST_EXHAUSTED ? Double.POSITIVE_INFINITY : 0;
    for (int i = 0; i < sizes.length; i++) {
      double whole = sizes[i] * wishes.get(i).repeat() * sum / wishes.get(i).weight().orElseThrow();
      total = stop == Stop.FIRST_EXHAUSTED ? Math.min(total, whole) : Math.max(total, whole);
    }
    long[] shares = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        throw new DataException("mixture: expected examples in data set " + (i + 1) + ", got none");
      }
      shares[i] = Math.max(1, Math.round(total * wishes.get(i).weight().orElseThrow() / sum));
    }
    return shares;
  }

  /**
   * Draws a share: every example as often as it goes in whole, and the rest by the seed. In the
   * order of the data set, round by round.
   *
   * @param examples which there are
   * @param share how many to draw
   */
  static int[] draw(int[] examples, long share, long seed) {
    int[] drawn = new int[Math.toIntExact(share)];
    int at = 0;
    while (examples.length > 0 && at + examples.length <= drawn.length) {
      System.arraycopy(examples, 0, drawn, at, examples.length);
      at += examples.length;
    }
    if (at < drawn.length) {
      int[] order = examples.clone();
      new Shuffle(seed, 0).range(order, 0, order.length);
      System.arraycopy(order, 0, drawn, at, drawn.length - at);
      Arrays.sort(drawn, at, drawn.length);
    }
    return drawn;
  }
}
