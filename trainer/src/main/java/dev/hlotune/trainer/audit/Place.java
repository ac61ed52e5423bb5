package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.source.Origin;
import java.util.Optional;

/**
 * Where something was found.
 *
 * @param at the record
 * @param same the record that it repeats, where it is about that
 * @param times how often the same is there in all, where it repeats a record of its own set; else 1
 */
public record Place(Origin at, Optional<Origin> same, long times) {
  /** A record. */
  public Place(Origin at) {
    this(at, Optional.empty(), 1);
  }

  @Override
  public String toString() {
    return at
        + same.map(origin -> " = " + origin).orElse("")
        + (times > 2 ? " (%,d times)".formatted(times) : "");
  }
}
