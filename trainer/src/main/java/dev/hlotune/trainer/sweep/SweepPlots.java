package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.plot.LinePlot;
import dev.hlotune.trainer.plot.Series;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The two plots of a sweep: mean negative log-likelihood of a supervised token, in nats, by update.
 *
 * @param train of the batches trained on
 * @param test of held-out data
 */
record SweepPlots(LinePlot train, LinePlot test) {

  static SweepPlots of(SweepReport report) {
    return new SweepPlots(
        plot("Train mean NLL", report, SweepReport.Row::train),
        plot("Test mean NLL", report, SweepReport.Row::test));
  }

  private static LinePlot plot(
      String title, SweepReport report, Function<SweepReport.Row, Curve> curve) {
    List<Series> series = new ArrayList<>();
    int best = report.best().orElse(-1);
    for (int i = 0; i < report.rows().size(); i++) {
      SweepReport.Row row = report.rows().get(i);
      PointResult result = row.result();
      Style style = Style.of(report.recipe(), i);
      String state =
          result.state() == PointState.DONE
              ? i == best ? " (best)" : ""
              : " (" + result.state().spelled() + ")";
      Curve points = curve.apply(row);
      series.add(
          new Series(
              String.join(
                      ", ",
                      result.point().values().entrySet().stream()
                          .map(entry -> entry.getKey() + " " + entry.getValue())
                          .toList())
                  + state,
              points.points().stream().map(at -> new Series.Point(at.step(), at.value())).toList(),
              style.colour(),
              style.dash()));
    }
    return new LinePlot(title, "update", "mean NLL (nats)", LinePlot.spreads(series), series);
  }

  /** How the line of a point looks. */
  private record Style(int colour, int dash) {

    /**
     * Of two keys the one with more values has the colours and the other the kinds of lines, where
     * there are enough of both; else points are told apart as they come.
     */
    static Style of(SweepRecipe recipe, int index) {
      List<Integer> sizes =
          recipe.axes().stream()
              .map(axis -> axis.values().size())
              .filter(size -> size > 1)
              .toList();
      if (sizes.size() == 2
          && Collections.max(sizes) <= LinePlot.COLOURS
          && Collections.min(sizes) <= LinePlot.DASHES) {
        int outer = index / sizes.get(1);
        int inner = index % sizes.get(1);
        return sizes.get(0) > sizes.get(1) ? new Style(outer, inner) : new Style(inner, outer);
      }
      return new Style(index % LinePlot.COLOURS, index / LinePlot.COLOURS % LinePlot.DASHES);
    }
  }
}
