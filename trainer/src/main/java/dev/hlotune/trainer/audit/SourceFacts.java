package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.PreparationStatistics;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was found in a data set.
 *
 * @param source the data set
 * @param tokens tokens of its examples
 * @param supervised tokens that carry loss
 * @param weight the sum of their weights
 * @param answers its answers
 * @param tallies what was seen, as far as it shows in single examples
 */
public record SourceFacts(
    AuditSource source,
    long tokens,
    long supervised,
    double weight,
    Answers answers,
    Map<Check, Tally> tallies) {

  /** Copies the map. */
  public SourceFacts {
    tallies = Map.copyOf(tallies);
  }

  static SourceFacts none(AuditSource source) {
    return new SourceFacts(source, 0, 0, 0, Answers.NONE, Map.of());
  }

  /** With those of the examples that follow. */
  SourceFacts plus(SourceFacts later) {
    Map<Check, Tally> sum = new EnumMap<>(Check.class);
    sum.putAll(tallies);
    later.tallies.forEach((check, tally) -> sum.merge(check, tally, Tally::plus));
    return new SourceFacts(
        source,
        tokens + later.tokens,
        supervised + later.supervised,
        weight + later.weight,
        answers.plus(later.answers),
        sum);
  }

  /** What to call it. */
  public String name() {
    return source.name();
  }

  /** Its examples. */
  public long examples() {
    return source.examples().size();
  }

  /** What became of its records. */
  public PreparationStatistics statistics() {
    return source.statistics();
  }

  /** The part of the tokens that carries loss, between 0 and 1. */
  public double supervisedFraction() {
    return tokens == 0 ? 0 : (double) supervised / tokens;
  }

  /** How often something was seen in single examples. */
  public Tally tally(Check check) {
    return tallies.getOrDefault(check, Tally.NONE);
  }
}
