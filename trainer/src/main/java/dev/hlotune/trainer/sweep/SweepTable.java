package dev.hlotune.trainer.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A line for each point.
 *
 * @param header the names of the columns
 * @param rows as many cells each
 * @param errors why points failed, one line each
 */
public record SweepTable(List<String> header, List<List<String>> rows, List<String> errors) {

  static SweepTable of(SweepReport report) {
    boolean exact = report.results().stream().anyMatch(one -> one.exactMatch().isPresent());
    boolean test = report.hasTest();
    List<String> header = new ArrayList<>();
    report.recipe().axes().forEach(axis -> header.add(axis.key()));
    header.addAll(List.of("updates", "train NLL"));
    if (test) {
      header.addAll(List.of("test NLL", "least (at)"));
    }
    if (exact) {
      header.add("exact match");
    }
    header.addAll(List.of("compiled", "seconds", "state"));
    List<List<String>> rows = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    int best = report.best().orElse(-1);
    for (int i = 0; i < report.rows().size(); i++) {
      SweepReport.Row row = report.rows().get(i);
      PointResult result = row.result();
      List<String> cells = new ArrayList<>(result.point().values().values());
      cells.add(
          result.plannedSteps() == 0
              ? ""
              : result.steps() == result.plannedSteps()
                  ? Integer.toString(result.steps())
                  : "%d of %d".formatted(result.steps(), result.plannedSteps()));
      cells.add(figure(row.train().last().map(Curve.At::value)));
      if (test) {
        cells.add(figure(row.test().last().map(Curve.At::value)));
        cells.add(
            row.test()
                .least()
                .map(at -> "%s (%d)".formatted(figure(Optional.of(at.value())), at.step()))
                .orElse(""));
      }
      if (exact) {
        cells.add(
            result.exactMatch().map(rate -> String.format(Locale.ROOT, "%.3f", rate)).orElse(""));
      }
      cells.add(
          result.programs() == 0 ? "" : "%d of %d".formatted(result.compiled(), result.programs()));
      cells.add(result.seconds() == 0 ? "" : String.format(Locale.ROOT, "%.1f", result.seconds()));
      cells.add(result.state().spelled() + (i == best ? ", best" : ""));
      rows.add(List.copyOf(cells));
      result.error().ifPresent(error -> errors.add(result.point().name() + ": " + error));
    }
    return new SweepTable(List.copyOf(header), List.copyOf(rows), List.copyOf(errors));
  }

  private static String figure(Optional<Double> value) {
    return value.map(number -> String.format(Locale.ROOT, "%.4f", number)).orElse("");
  }

  /** Columns below one another, then what failed. */
  public List<String> lines() {
    List<List<String>> all = Stream.concat(Stream.of(header), rows.stream()).toList();
    int[] widths =
        IntStream.range(0, header.size())
            .map(column -> all.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append(row.get(column)).repeat(' ', widths[column] - row.get(column).length() + 2);
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.addAll(errors);
    return lines;
  }

  /** As Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(row(header)).append("|---".repeat(header.size())).append("|\n");
    rows.forEach(row -> text.append(row(row)));
    errors.forEach(error -> text.append("\n- ").append(error.replace("|", "\\|")));
    return text.append(errors.isEmpty() ? "" : "\n").toString();
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
