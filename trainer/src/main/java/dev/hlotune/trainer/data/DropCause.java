package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.Origin;
import java.util.List;

/**
 * Records that gave no example for one and the same cause.
 *
 * @param reason the reason
 * @param text what is wrong with the first of them; the same of the others but for numbers in it
 * @param count how many there are
 * @param places where the first of them are, at most {@link PreparationDetails#MOST_PLACES}
 */
public record DropCause(DropReason reason, String text, long count, List<Origin> places) {
  /** Copies the list. */
  public DropCause {
    places = List.copyOf(places);
  }
}
