package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.Finding;
import dev.hlotune.trainer.audit.Level;
import dev.hlotune.trainer.audit.Place;
import java.util.stream.Collectors;

/**
 * The findings of an audit for people to read.
 *
 * @param text where they go
 * @param names names their places
 * @param style how levels are set off
 */
record FindingText(TextBlock text, PlaceNames names, TextStyle style) {
  private static final int COLUMN = 9;

  /** The findings, and whether all is well. */
  void append(AuditReport report) {
    report.findings().forEach(this::append);
    text.line("");
    String counts =
        "%s, %s, %s"
            .formatted(
                count(report, Level.ERROR),
                count(report, Level.WARNING),
                count(report, Level.NOTE));
    text.line(
        (report.passed() ? style.with("1;32", "passed") : style.with("1;31", "failed"))
            + ": "
            + counts);
  }

  private static String count(AuditReport report, Level level) {
    int count = report.findings(level).size();
    return "%d %s%s".formatted(count, level.spelled(), count == 1 ? "" : "s");
  }

  private void append(Finding finding) {
    String level = finding.level().spelled();
    text.line("");
    text.line(
        style.with(colour(finding.level()), level)
            + " ".repeat(COLUMN - level.length())
            + style.with("1", finding.check().code())
            + "  "
            + finding.amount()
            + (finding.source().isEmpty() ? "" : ", " + finding.source()));
    text.labelled("", COLUMN, finding.message());
    boolean pairs = finding.places().stream().anyMatch(place -> place.same().isPresent());
    String more = finding.count() > finding.places().size() ? " …" : "";
    if (pairs) {
      for (Place place : finding.places()) {
        boolean last = place.equals(finding.places().getLast());
        text.labelled("", COLUMN, names.of(place) + (last ? more : ""));
      }
    } else if (!finding.places().isEmpty()) {
      text.labelled(
          "",
          COLUMN,
          finding.places().stream().map(names::of).collect(Collectors.joining(", ")) + more);
    }
  }

  private static String colour(Level level) {
    return switch (level) {
      case ERROR -> "1;31";
      case WARNING -> "1;33";
      case NOTE -> "1;36";
    };
  }
}
