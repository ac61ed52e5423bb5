package dev.hlotune.trainer.audit;

import java.util.List;
import java.util.Locale;

/**
 * Something that was found.
 *
 * @param check what was looked for
 * @param level how bad it is
 * @param source the data set that it is about; empty where it is about all
 * @param count how many it concerns
 * @param of of how many
 * @param detail what was found in particular, such as a token or what is wrong with the records;
 *     empty where there is nothing to add
 * @param places where the first of them are, at most {@link #MOST_PLACES}
 */
public record Finding(
    Check check,
    Level level,
    String source,
    long count,
    long of,
    String detail,
    List<Place> places) {
  /** As many places are named. */
  public static final int MOST_PLACES = 5;

  /** Copies the list. */
  public Finding {
    places = List.copyOf(places);
  }

  /** The part that it concerns, between 0 and 1. */
  public double share() {
    return of == 0 ? 0 : (double) count / of;
  }

  /** {@code 12 of 7,473 examples (0.2 %)}. */
  public String amount() {
    return "%,d of %,d %s (%s)".formatted(count, of, check.unit(), Shares.percent(share()));
  }

  /** What it means and what to do, as one line. */
  public String message() {
    return (detail.isEmpty() ? "" : detail + ": ") + check.meaning() + "; " + check.advice();
  }

  /** All of it in one line, for a log. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "data audit: %s %s: %s%s: %s%s",
        level.spelled(),
        check.code(),
        source.isEmpty() ? "" : source + ": ",
        amount(),
        message(),
        places.isEmpty() ? "" : " (first: " + places.getFirst() + ")");
  }
}
