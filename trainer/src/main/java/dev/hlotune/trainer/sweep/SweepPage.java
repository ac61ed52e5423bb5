package dev.hlotune.trainer.sweep;

import dev.hlotune.trainer.report.Html;
import java.util.List;
import java.util.stream.Collectors;

/** The page of a sweep: its table and plots in one file that needs nothing beside it. */
final class SweepPage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:14px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;background:#fff;color:#1f2328}
      table{border-collapse:collapse;margin:1em 0;font-variant-numeric:tabular-nums}
      th,td{text-align:left;padding:.25em .9em .25em 0;border-bottom:1px solid #d8dde3;white-space:nowrap}
      tr.best td{font-weight:600}svg{width:100%;height:auto;margin:1em 0}.wide{overflow-x:auto}
      @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#30363d}}
      """;

  private SweepPage() {}

  static String of(SweepReport report, SweepPlots plots) {
    SweepTable table = report.table();
    int best = report.best().orElse(-1);
    StringBuilder rows = new StringBuilder();
    rows.append(row("", "th", table.header()));
    for (int i = 0; i < table.rows().size(); i++) {
      rows.append(row(i == best ? " class=\"best\"" : "", "td", table.rows().get(i)));
    }
    String errors =
        table.errors().stream()
            .map(error -> "<p>" + Html.escaped(error) + "</p>\n")
            .collect(Collectors.joining());
    String title = "Sweep " + report.recipe().directory();
    return Html.page(
        title,
        STYLE,
        """
        <h1>%s</h1>
        <div class="wide"><table>
        %s</table></div>
        %s%s%s\
        """
            .formatted(Html.escaped(title), rows, errors, plots.train().svg(), plots.test().svg()));
  }

  private static String row(String attribute, String element, List<String> cells) {
    return cells.stream()
        .map(cell -> "<%s>%s</%s>".formatted(element, Html.escaped(cell), element))
        .collect(Collectors.joining("", "<tr" + attribute + ">", "</tr>\n"));
  }
}
