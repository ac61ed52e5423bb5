package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.source.Origin;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often something was seen.
 *
 * @param count how often
 * @param places where first
 */
public record Tally(long count, List<Origin> places) {
  /** Never. */
  static final Tally NONE = new Tally(0, List.of());

  /** Copies the list. */
  public Tally {
    places = List.copyOf(places);
  }

  /** Once more. */
  Tally and(Origin place) {
    return plus(new Tally(1, List.of(place)));
  }

  /** What was seen after this as well. */
  Tally plus(Tally later) {
    return new Tally(
        count + later.count,
        places.size() == Finding.MOST_PLACES
            ? places
            : Stream.concat(places.stream(), later.places.stream())
                .limit(Finding.MOST_PLACES)
                .toList());
  }
}
