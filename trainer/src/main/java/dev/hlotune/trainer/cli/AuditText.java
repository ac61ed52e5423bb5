package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.Answers;
import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.BatchFacts;
import dev.hlotune.trainer.audit.DataSetFacts;
import dev.hlotune.trainer.audit.LengthBins;
import dev.hlotune.trainer.audit.Shares;
import dev.hlotune.trainer.audit.SourceFacts;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An audit for people to read, in lines of a terminal's width. */
final class AuditText {
  private static final int LEAST_LABEL = 15;
  private static final int MOST_LABEL = 24;
  private static final int MOST_BAR = 40;

  private final TextBlock text;
  private final PlaceNames names;

  /** Where texts begin, right of the names of most data sets. */
  private final int column;

  private AuditText(AuditReport report, int width) {
    this.text = new TextBlock(width);
    this.names = PlaceNames.of(report);
    this.column =
        Stream.concat(Stream.of(report.train()), report.heldOut().stream())
            .flatMap(facts -> facts.sources().stream())
            .mapToInt(source -> source.name().length() + 4)
            .filter(length -> length <= MOST_LABEL)
            .reduce(LEAST_LABEL, Math::max);
  }

  /**
   * The report.
   *
   * @param width columns to keep to
   * @param style how levels are set off
   */
  static String of(AuditReport report, BatchFacts batches, int width, TextStyle style) {
    AuditText audit = new AuditText(report, width);
    audit.dataSet("training data", report.train());
    report.heldOut().ifPresent(heldOut -> audit.dataSet("held-out data", heldOut));
    audit.ends(report.train());
    audit.lengths(report.train().lengths());
    audit.batches(batches);
    new FindingText(audit.text, audit.names, style).append(report);
    return audit.text.toString();
  }

  private void dataSet(String label, DataSetFacts facts) {
    text.labelled(
        label,
        column,
        "%s, %s, %s of them supervised"
            .formatted(
                Amounts.counted(facts.examples(), "example"),
                Amounts.counted(facts.tokens(), "token"),
                Amounts.percent(facts.supervisedFraction())));
    facts.sources().forEach(source -> new SourceText(text, column, names).append(source));
  }

  private void ends(DataSetFacts facts) {
    Answers answers = facts.answers();
    String trained =
        switch (answers.trained()) {
          case YES -> "yes (100 %)";
          case PARTLY -> "partly (%s)".formatted(Shares.percent(answers.share()));
          case NO -> "no";
        };
    Map<String, Long> by = new TreeMap<>();
    for (SourceFacts source : facts.sources()) {
      source
          .answers()
          .endings()
          .forEach((id, count) -> by.merge(source.source().rules().spelled(id), count, Long::sum));
    }
    String tokens =
        by.entrySet().stream()
            .map(end -> "%s after %s".formatted(end.getKey(), Amounts.count(end.getValue())))
            .collect(Collectors.joining(", "));
    text.labelled(
        "end token",
        column,
        "trained: %s; %s of %s answer%s%s%s"
            .formatted(
                trained,
                tokens.isEmpty() ? "after none" : tokens,
                Amounts.count(answers.all()),
                answers.all() == 1 ? "" : "s",
                answers.cut() == 0
                    ? ""
                    : "; %s more cut before their end".formatted(Amounts.count(answers.cut())),
                answers.handedOver() == 0
                    ? ""
                    : "; %s more go on after a tool"
                        .formatted(Amounts.count(answers.handedOver()))));
  }

  private void lengths(LengthHistogram lengths) {
    text.labelled(
        "lengths",
        column,
        String.format(
            Locale.ROOT,
            "min %,d, mean %.1f, 50 %% %,d, 90 %% %,d, 95 %% %,d, 99 %% %,d, max %,d tokens",
            lengths.quantile(0),
            lengths.mean(),
            lengths.quantile(0.5),
            lengths.quantile(0.9),
            lengths.quantile(0.95),
            lengths.quantile(0.99),
            lengths.longest()));
    LengthBins bins = LengthBins.of(lengths);
    int numbers = Amounts.count(lengths.longest()).length();
    int counts = Amounts.count(bins.most()).length();
    for (LengthBins.Bin bin : bins.bins()) {
      if (bin.to() < lengths.quantile(0)) {
        continue;
      }
      double share = (double) bin.examples() / bins.most();
      text.labelled(
          "",
          column,
          ("%" + numbers + "s - %" + numbers + "s  %" + counts + "s  %s")
              .formatted(
                  Amounts.count(bin.from()),
                  Amounts.count(bin.to()),
                  Amounts.count(bin.examples()),
                  Bar.eighths(share, MOST_BAR))
              .stripTrailing());
    }
  }

  private void batches(BatchFacts batches) {
    BatchFacts.Way packed = batches.packed();
    BatchFacts.Way unpacked = batches.unpacked();
    boolean packing = batches.packing();
    text.labelled("batches", column, "as the recipe has it, " + way(packing, batches.chosen()));
    text.labelled("", column, LadderText.reason(batches.chosen().ladder()));
    text.labelled("", column, "otherwise, " + way(!packing, packing ? unpacked : packed));
  }

  private static String way(boolean packed, BatchFacts.Way way) {
    PlanStatistics plan = way.plan();
    List<Bucket> buckets = plan.buckets().stream().map(PlanStatistics.BucketUse::bucket).toList();
    return "%s: %s; padding %s, %s update%s an epoch"
        .formatted(
            packed ? "packed" : "one example a row",
            LadderText.shapes(buckets),
            Amounts.percent(plan.paddingFraction()),
            Amounts.count(plan.steps()),
            plan.steps() == 1 ? "" : "s");
  }
}
