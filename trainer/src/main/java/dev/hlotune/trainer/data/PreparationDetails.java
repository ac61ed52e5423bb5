package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What else a preparation saw, with places.
 *
 * @param kinds the records that could be read, by what they were read as
 * @param causes why records gave no example, in the order in which that first happened; at most
 *     {@link #MOST_CAUSES}, so that their counts may add up to less than all
 * @param truncated where the first records are that were cut, at most {@link #MOST_PLACES}
 */
public record PreparationDetails(
    Map<RecordKind, Long> kinds, List<DropCause> causes, List<Origin> truncated) {
  /** As many places are kept of each kind. */
  public static final int MOST_PLACES = 5;

  /** As many causes are told apart. */
  public static final int MOST_CAUSES = 20;

  /** Nothing was seen. */
  public static final PreparationDetails NONE =
      new PreparationDetails(Map.of(), List.of(), List.of());

  /** Copies the collections. */
  public PreparationDetails {
    kinds = Map.copyOf(kinds);
    causes = List.copyOf(causes);
    truncated = List.copyOf(truncated);
  }

  /** The causes of one reason. */
  public List<DropCause> causes(DropReason reason) {
    return causes.stream().filter(cause -> cause.reason() == reason).toList();
  }

  /** Both; the first's places come first. */
  PreparationDetails plus(PreparationDetails other) {
    Map<RecordKind, Long> all = new EnumMap<>(RecordKind.class);
    all.putAll(kinds);
    other.kinds.forEach((kind, count) -> all.merge(kind, count, Long::sum));
    List<DropCause> both = new ArrayList<>(causes);
    other.causes.stream().limit(MOST_CAUSES - (long) causes.size()).forEach(both::add);
    return new PreparationDetails(
        all,
        both,
        Stream.concat(truncated.stream(), other.truncated.stream()).limit(MOST_PLACES).toList());
  }
}
