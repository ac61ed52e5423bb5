package dev.hlotune.trainer.audit;

import java.util.Map;
import java.util.TreeMap;

/**
 * The answers of a data set: stretches of tokens that carry loss, each of which should end with a
 * token to stop by. Where only the last of an example is to end so, only these are counted.
 *
 * @param all how many, without those that were cut
 * @param cut how many more reach to the end of an example of the longest length, and were
 *     presumably cut there
 * @param handedOver how many more end with another special token, as a call of a tool does: the
 *     assistant goes on afterwards
 * @param endings by which token how many end with a learned one: an end token, or, where nothing
 *     follows, any special token
 */
public record Answers(long all, long cut, long handedOver, Map<Integer, Long> endings) {
  /** None. */
  static final Answers NONE = new Answers(0, 0, 0, Map.of());

  /** Copies the map. */
  public Answers {
    endings = Map.copyOf(endings);
  }

  /** How many end with a learned end token. */
  public long ended() {
    return endings.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The part that does, between 0 and 1. */
  public double share() {
    return all == 0 ? 0 : (double) ended() / all;
  }

  /** Whether the end is learned. */
  public Trained trained() {
    return ended() == 0 ? Trained.NO : ended() < all ? Trained.PARTLY : Trained.YES;
  }

  Answers plus(Answers other) {
    Map<Integer, Long> sum = new TreeMap<>(endings);
    other.endings.forEach((id, count) -> sum.merge(id, count, Long::sum));
    return new Answers(all + other.all, cut + other.cut, handedOver + other.handedOver, sum);
  }

  /** Whether something is learned. */
  public enum Trained {
    /** Everywhere. */
    YES,
    /** Not everywhere. */
    PARTLY,
    /** Nowhere. */
    NO
  }
}
