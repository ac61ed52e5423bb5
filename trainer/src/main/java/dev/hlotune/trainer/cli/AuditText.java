package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.Answers;
import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.BatchFacts;
import dev.hlotune.trainer.audit.DataSetFacts;
import dev.hlotune.trainer.audit.LengthBins;
import dev.hlotune.trainer.audit.SourceFacts;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.DropCause;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanStatistics;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An audit for people to read, in lines of a terminal's width. */
final class AuditText {
  private static final int LABEL = 15;
  private static final int MOST_BAR = 40;

  private final TextBlock text;
  private final PlaceNames names;

  private AuditText(int width, PlaceNames names) {
    this.text = new TextBlock(width);
    this.names = names;
  }

  /**
   * The report.
   *
   * @param width columns to keep to
   * @param style how levels are set off
   */
  static String of(AuditReport report, BatchFacts batches, int width, TextStyle style) {
    AuditText audit = new AuditText(width, PlaceNames.of(report));
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
        LABEL,
        "%s example%s, %s tokens, %s of them supervised"
            .formatted(
                Amounts.count(facts.examples()),
                facts.examples() == 1 ? "" : "s",
                Amounts.count(facts.tokens()),
                Amounts.percent(facts.supervisedFraction())));
    facts.sources().forEach(this::source);
  }

  private void source(SourceFacts facts) {
    PreparationStatistics statistics = facts.statistics();
    String kinds =
        Stream.of(RecordKind.values())
            .filter(kind -> statistics.details().kinds().containsKey(kind))
            .map(RecordKind::spelled)
            .collect(Collectors.joining(", "));
    List<String> parts = new ArrayList<>();
    parts.add(
        "%s record%s (%s)"
            .formatted(
                Amounts.count(statistics.records()),
                statistics.records() == 1 ? "" : "s",
                kinds.isEmpty() ? "none of them readable" : kinds));
    parts.add(Amounts.count(facts.examples()) + " examples");
    if (facts.examples() < statistics.examples()) {
      parts.add("of " + Amounts.count(statistics.examples()) + " prepared");
    }
    parts.add(Amounts.count(facts.tokens()) + " tokens");
    parts.add(Amounts.percent(facts.supervisedFraction()) + " supervised");
    text.labelled("  " + facts.name(), LABEL, String.join(", ", parts));
    for (DropReason reason : DropReason.values()) {
      long count = statistics.dropped().getOrDefault(reason, 0L);
      if (count > 0) {
        text.labelled("    left out", LABEL, Amounts.count(count) + " " + reason.label());
        statistics.details().causes(reason).forEach(cause -> cause(cause, count));
      }
    }
    if (statistics.truncated() > 0) {
      text.labelled(
          "    cut",
          LABEL,
          "%s to max_length, %s tokens (%s)"
              .formatted(
                  Amounts.count(statistics.truncated()),
                  Amounts.count(statistics.truncatedTokens()),
                  places(statistics.details().truncated(), statistics.truncated())));
    }
  }

  private void cause(DropCause cause, long all) {
    boolean known = cause.text().equals(cause.reason().label());
    text.labelled(
        "",
        LABEL,
        (known
                ? ""
                : (cause.count() == all ? "" : Amounts.count(cause.count()) + ": ")
                    + cause.text()
                    + " ")
            + "("
            + places(cause.places(), cause.count())
            + ")");
  }

  private String places(List<Origin> places, long all) {
    return places.stream().map(names::of).collect(Collectors.joining(", "))
        + (all > places.size() ? " …" : "");
  }

  private void ends(DataSetFacts facts) {
    Answers answers = facts.answers();
    String trained =
        switch (answers.trained()) {
          case YES -> "yes (100 %)";
          case PARTLY -> "partly (%s)".formatted(Amounts.percent(answers.share()));
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
        LABEL,
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
        LABEL,
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
      double share = (double) bin.examples() / bins.most();
      text.labelled(
          "",
          LABEL,
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
    text.labelled("batches", LABEL, "as the recipe has it, " + way(packing, batches.chosen()));
    text.labelled("", LABEL, LadderText.reason(batches.chosen().ladder()));
    text.labelled("", LABEL, "otherwise, " + way(!packing, packing ? unpacked : packed));
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
