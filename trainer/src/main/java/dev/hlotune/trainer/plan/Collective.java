package dev.hlotune.trainer.plan;

/**
 * What devices exchange during one run of a program, of one kind.
 *
 * @param kind as HLO calls it: {@code all-gather}, {@code reduce-scatter}, {@code all-reduce}…
 * @param count how often it is done
 * @param payload bytes of the arrays that are put together, on each device
 * @param sent bytes that each device sends, if neighbours pass them on around a ring
 */
public record Collective(String kind, long count, long payload, long sent) {
  /** Both together. */
  Collective plus(Collective other) {
    return new Collective(kind, count + other.count, payload + other.payload, sent + other.sent);
  }
}
