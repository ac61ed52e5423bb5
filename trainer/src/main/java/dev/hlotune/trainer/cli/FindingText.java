package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.Finding;
import dev.hlotune.trainer.audit.Level;
import dev.hlotune.trainer.audit.Place;
import java.util.stream.Collectors;

/** The findings of an audit for people to read. */
final class FindingText {
  private static final int COLUMN = 9;

  private FindingText() {}

  /** The findings, and whether all is well. */
  static void append(AuditReport report, TextBlock to, TextStyle style) {
    report.findings().forEach(finding -> append(finding, to, style));
    String counts =
        "%s, %s, %s"
            .formatted(
                count(report, Level.ERROR),
                count(report, Level.WARNING),
                count(report, Level.NOTE));
    to.line(
        report.passed()
            ? style.with("1;32", "passed") + ": " + counts
            : style.with("1;31", "failed") + ": " + counts);
  }

  private static String count(AuditReport report, Level level) {
    int count = report.findings(level).size();
    return "%d %s%s".formatted(count, level.spelled(), count == 1 ? "" : "s");
  }

  private static void append(Finding finding, TextBlock to, TextStyle style) {
    String level = finding.level().spelled();
    to.line("");
    to.line(
        style.with(colour(finding.level()), level)
            + " ".repeat(COLUMN - level.length())
            + style.with("1", finding.check().code())
            + "  "
            + finding.amount()
            + (finding.source().isEmpty() ? "" : ", " + finding.source()));
    to.labelled("", COLUMN, finding.message());
    if (!finding.places().isEmpty()) {
      to.labelled(
          "",
          COLUMN,
          finding.places().stream().map(Place::toString).collect(Collectors.joining(", "))
              + (finding.count() > finding.places().size() ? " …" : ""));
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
