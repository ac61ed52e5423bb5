package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.verify.GradientDifference;
import dev.hlotune.trainer.verify.PackingReport;
import dev.hlotune.trainer.verify.PackingReport.BatchResult;
import dev.hlotune.trainer.verify.PackingReport.ExampleResult;
import dev.hlotune.trainer.verify.PackingReport.Losses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison of packed with unpacked rows, as a table and as the fields of a JSON object. */
final class PackingText {
  private PackingText() {}

  /** A line for each example, one for each whole batch, and the verdict. */
  static List<String> lines(PackingReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "example",
            "from",
            "tokens",
            "supervised",
            "packed row",
            "loss packed",
            "loss alone",
            "difference",
            "gradient",
            "greatest in"));
    for (ExampleResult one : report.examples()) {
      rows.add(
          row(
              Integer.toString(one.index()),
              one.origin().toString(),
              Long.toString(one.tokens()),
              Long.toString(one.supervised()),
              "%s, %d of %d".formatted(one.bucket(), one.segment(), one.segments()),
              one.loss(),
              one.gradient()));
    }
    for (BatchResult one : report.batches()) {
      rows.add(
          row(
              "batch",
              "all %d at once".formatted(one.examples()),
              Long.toString(one.tokens()),
              Long.toString(one.supervised()),
              one.bucket().toString(),
              one.loss(),
              one.gradient()));
    }
    List<String> lines = new ArrayList<>(aligned(rows));
    GradientDifference worst = report.worstGradient();
    lines.add(
        "greatest difference of a loss %s (allowed %s), of a gradient %s in %s (allowed %s)"
            .formatted(
                difference(report.worstLoss()),
                difference(report.tolerance().loss()),
                difference(worst.relative()),
                worst.parameter(),
                difference(report.tolerance().gradient())));
    lines.add(verdict(report));
    return lines;
  }

  private static List<String> row(
      String name,
      String from,
      String tokens,
      String supervised,
      String place,
      Losses loss,
      GradientDifference gradient) {
    return List.of(
        name,
        from,
        tokens,
        supervised,
        place,
        sum(loss.packed()),
        sum(loss.alone()),
        difference(loss.relative()),
        difference(gradient.relative()),
        gradient.parameter());
  }

  private static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream()
        .map(row -> {
          StringBuilder line = new StringBuilder();
          for (int i = 0; i < widths.length; i++) {
            boolean text = i == 1 || i == 4 || i == widths.length - 1;
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ")
                .append(text ? row.get(i) + padding : padding + row.get(i));
          }
          return line.toString().stripTrailing();
        })
        .toList();
  }

  private static String verdict(PackingReport report) {
    return "%s: %d examples and %d whole batch%s, %s"
        .formatted(
            report.agrees() ? "packed and unpacked agree" : "packed and unpacked differ",
            report.examples().size(),
            report.batches().size(),
            report.batches().size() == 1 ? "" : "es",
            type(report));
  }

  private static String type(PackingReport report) {
    return switch (report.tolerance().type()) {
      case F32 -> "float32";
      case BF16 -> "bfloat16";
      default -> report.tolerance().type().toString();
    };
  }

  private static String sum(double loss) {
    return String.format(Locale.ROOT, "%.6g", loss);
  }

  private static String difference(double relative) {
    return String.format(Locale.ROOT, "%.1e", relative);
  }

  /** The same for programs, numbers unrounded. */
  static Map<String, Object> fields(PackingReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("agree", report.agrees());
    fields.put("dtype", type(report));
    fields.put("loss_tolerance", report.tolerance().loss());
    fields.put("gradient_tolerance", report.tolerance().gradient());
    fields.put("loss_difference", report.worstLoss());
    add(fields, report.worstGradient());
    List<Map<String, Object>> examples = new ArrayList<>();
    for (ExampleResult one : report.examples()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("example", one.index());
      row.put("origin", one.origin().toString());
      row.put("tokens", one.tokens());
      row.put("supervised", one.supervised());
      row.put("bucket", one.bucket().toString());
      row.put("segment", one.segment());
      row.put("segments", one.segments());
      add(row, one.loss());
      add(row, one.gradient());
      examples.add(row);
    }
    fields.put("examples", examples);
    List<Map<String, Object>> batches = new ArrayList<>();
    for (BatchResult one : report.batches()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bucket", one.bucket().toString());
      row.put("examples", one.examples());
      row.put("tokens", one.tokens());
      row.put("supervised", one.supervised());
      add(row, one.loss());
      add(row, one.gradient());
      batches.add(row);
    }
    fields.put("batches", batches);
    return fields;
  }

  private static void add(Map<String, Object> row, Losses loss) {
    row.put("loss_packed", loss.packed());
    row.put("loss_alone", loss.alone());
    row.put("loss_difference", loss.relative());
  }

  private static void add(Map<String, Object> row, GradientDifference gradient) {
    row.put("gradient_difference", gradient.relative());
    row.put("parameter", gradient.parameter());
  }
}
