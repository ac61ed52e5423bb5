package dev.hlotune.trainer.data;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What became of the records of a data set.
 *
 * @param records records that were read
 * @param examples examples that came of them
 * @param tokens tokens of the examples
 * @param supervised tokens that carry loss
 * @param weight the sum of their loss weights
 * @param truncated examples that were cut to {@code max_length}
 * @param truncatedTokens tokens that were cut off
 * @param dropped records that gave no example, by reason; reasons that did not occur are absent
 * @param reports the first records that were dropped, each with file, line and reason
 * @param largestId the largest token id
 * @param details what else was seen
 */
public record PreparationStatistics(
    long records,
    long examples,
    long tokens,
    long supervised,
    double weight,
    long truncated,
    long truncatedTokens,
    Map<DropReason, Long> dropped,
    List<String> reports,
    int largestId,
    PreparationDetails details) {
  /** As many dropped records are reported one by one; after that they are only counted. */
  public static final int MOST_REPORTS = 20;

  /** Copies the collections. */
  public PreparationStatistics {
    dropped = Map.copyOf(dropped);
    reports = List.copyOf(reports);
  }

  /** The part of the tokens that carries loss, between 0 and 1. */
  public double supervisedFraction() {
    return tokens == 0 ? 0 : (double) supervised / tokens;
  }

  /** The sum of both; the first's reports come first. */
  public PreparationStatistics plus(PreparationStatistics other) {
    Map<DropReason, Long> all = new EnumMap<>(DropReason.class);
    all.putAll(dropped);
    other.dropped.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return new PreparationStatistics(
        records + other.records,
        examples + other.examples,
        tokens + other.tokens,
        supervised + other.supervised,
        weight + other.weight,
        truncated + other.truncated,
        truncatedTokens + other.truncatedTokens,
        all,
        Stream.concat(reports.stream(), other.reports.stream()).limit(MOST_REPORTS).toList(),
        Math.max(largestId, other.largestId),
        details.plus(other.details));
  }
}
