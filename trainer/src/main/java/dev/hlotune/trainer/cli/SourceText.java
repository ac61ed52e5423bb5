package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.SourceFacts;
import dev.hlotune.trainer.data.DropCause;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of the records of a data set, for people to read.
 *
 * @param text where it goes
 * @param column where texts begin
 * @param names names places
 */
record SourceText(TextBlock text, int column, PlaceNames names) {

  void append(SourceFacts facts) {
    PreparationStatistics statistics = facts.statistics();
    List<String> parts = new ArrayList<>();
    parts.add(
        "%s (%s)"
            .formatted(
                Amounts.counted(statistics.records(), "record"),
                kinds(statistics.details().kinds())));
    parts.add(Amounts.counted(facts.examples(), "example"));
    if (facts.examples() < statistics.examples()) {
      parts.add("of " + Amounts.count(statistics.examples()) + " prepared");
    }
    parts.add(Amounts.counted(facts.tokens(), "token"));
    parts.add(Amounts.percent(facts.supervisedFraction()) + " supervised");
    text.labelled("  " + facts.name(), column, String.join(", ", parts));
    for (DropReason reason : DropReason.values()) {
      long count = statistics.dropped().getOrDefault(reason, 0L);
      if (count > 0) {
        left(reason, count, statistics.details().causes(reason));
      }
    }
    if (statistics.truncated() > 0) {
      text.labelled(
          "    cut",
          column,
          "%s to max_length, %s (%s)"
              .formatted(
                  Amounts.count(statistics.truncated()),
                  Amounts.counted(statistics.truncatedTokens(), "token"),
                  places(statistics.details().truncated(), statistics.truncated())));
    }
  }

  private static String kinds(Map<RecordKind, Long> kinds) {
    List<RecordKind> seen = Stream.of(RecordKind.values()).filter(kinds::containsKey).toList();
    return switch (seen.size()) {
      case 0 -> "none of them readable";
      case 1 -> seen.getFirst().spelled();
      default ->
          seen.stream()
              .map(kind -> Amounts.count(kinds.getOrDefault(kind, 0L)) + " " + kind.spelled())
              .collect(Collectors.joining(", "));
    };
  }

  /** The reason, and beneath it what is wrong in particular, where that is more than the reason. */
  private void left(DropReason reason, long count, List<DropCause> causes) {
    String what = Amounts.count(count) + " " + reason.label();
    boolean one = causes.size() == 1 && causes.getFirst().text().equals(reason.label());
    text.labelled(
        "    left out",
        column,
        one ? "%s (%s)".formatted(what, places(causes.getFirst().places(), count)) : what);
    if (!one) {
      for (DropCause cause : causes) {
        text.labelled(
            "",
            column,
            "%s: %s (%s)"
                .formatted(
                    Amounts.count(cause.count()),
                    cause.text(),
                    places(cause.places(), cause.count())));
      }
    }
  }

  private String places(List<Origin> places, long all) {
    return places.stream().map(names::of).collect(Collectors.joining(", "))
        + (all > places.size() ? " …" : "");
  }
}
