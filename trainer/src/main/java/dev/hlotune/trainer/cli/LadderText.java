package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.PlanOptions;
import java.util.List;
import java.util.stream.Collectors;

/** How examples become batches, in words. */
final class LadderText {
  private LadderText() {}

  /** {@code 16x64, 8x128}. */
  static String shapes(List<Bucket> buckets) {
    return buckets.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** What stands in a row and in a batch, and whether {@code group_by_length} has a say in it. */
  static String order(PlanOptions options) {
    if (options.packing()) {
      return "packed, several examples each; 'group_by_length' does not apply";
    }
    if (!options.shuffle()) {
      return "one example each, in the order of the data; 'group_by_length' does not apply";
    }
    return options.groupByLength()
        ? "one example each, batches of about one length"
        : "one example each, batches of any lengths ('group_by_length' is off)";
  }

  /** What the shapes save, and why there are not more of them. */
  static String reason(LadderReport report) {
    String more = report.chosen() == 0 ? "a second shape" : "one more";
    String saved =
        report.chosen() == 0
            ? ""
            : "these save %s of the work of one shape; ".formatted(Amounts.percent(report.saved()));
    return saved
        + switch (report.stop()) {
          case LIMIT -> "'max_buckets' allows no more";
          case EXHAUSTED -> "there is no other shape to add";
          case COMPILATION ->
              report.nextSaves() <= 0
                  ? more + " would save nothing"
                  : "%s would save %s, less than the %s it costs to compile"
                      .formatted(
                          more,
                          Amounts.percent(report.nextSaves()),
                          Amounts.percent(report.compilation()));
        };
  }
}
