package dev.hlotune.trainer.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The tables of a page: figures, configuration, facts and answers. */
final class ReportTables {
  /** Answers shown of one time. */
  private static final int MOST_ANSWERS = 50;

  private final List<RunRecord> runs;
  private final List<String> names;

  /**
   * The tables of some runs.
   *
   * @param names of the runs, each another
   */
  ReportTables(List<RunRecord> runs, List<String> names) {
    this.runs = runs;
    this.names = names;
  }

  private boolean isOne() {
    return runs.size() == 1;
  }

  /** A square in the colour of a run's curves. */
  static String swatch(int run) {
    return "<span class=\"swatch\" style=\"background:var(--c%d)\"></span>".formatted(run % 8);
  }

  private void head(String first, StringBuilder to) {
    to.append("<thead><tr><th scope=\"col\">%s</th>".formatted(first));
    for (int i = 0; i < runs.size(); i++) {
      to.append(
          "<th scope=\"col\">%s%s</th>"
              .formatted(isOne() ? "" : swatch(i), isOne() ? "value" : Html.escaped(names.get(i))));
    }
    to.append("</tr></thead>\n");
  }

  /** What the runs came to. */
  void figures(StringBuilder to) {
    List<Map<String, String>> all = runs.stream().map(Figures::of).toList();
    Set<String> keys = new LinkedHashSet<>();
    all.forEach(figures -> keys.addAll(figures.keySet()));
    to.append("<div class=\"scroll\"><table class=\"figures\">\n");
    head("figure", to);
    to.append("<tbody>\n");
    for (String key : keys) {
      row(key, all.stream().map(figures -> figures.getOrDefault(key, "")).toList(), false, to);
    }
    to.append("</tbody></table></div>\n");
  }

  /** Sections of run.json, rows that differ marked. */
  void manifest(StringBuilder to) {
    Set<String> sections = new LinkedHashSet<>(List.of("config", "versions", "hashes", "device"));
    runs.forEach(run -> sections.addAll(run.manifest().keySet()));
    to.append("<div class=\"scroll\"><table id=\"configuration\">\n");
    head("key", to);
    to.append("<tbody>\n");
    for (String section : sections) {
      List<Map<String, Object>> all =
          runs.stream().map(run -> run.manifest().getOrDefault(section, Map.of())).toList();
      Set<String> keys = new LinkedHashSet<>();
      all.forEach(values -> keys.addAll(values.keySet()));
      if (!keys.isEmpty()) {
        to.append(
            "<tr class=\"section\"><th scope=\"rowgroup\" colspan=\"%d\">%s</th></tr>%n"
                .formatted(runs.size() + 1, Html.escaped(section)));
      }
      for (String key : keys) {
        row(key, all.stream().map(values -> Figures.plain(values.get(key))).toList(), true, to);
      }
    }
    to.append("</tbody></table></div>\n");
  }

  private static void row(String key, List<String> values, boolean marks, StringBuilder to) {
    boolean differs = values.stream().distinct().count() > 1;
    to.append(
        "<tr class=\"%s\"><th scope=\"row\">%s</th>"
            .formatted(differs ? marks ? "differs" : "other" : "same", Html.escaped(key)));
    for (String value : values) {
      to.append(
          "<td%s>%s</td>"
              .formatted(value.length() > 40 ? " class=\"long\"" : "", Html.escaped(value)));
    }
    to.append("</tr>\n");
  }

  /** What the models answered: of one run at each time, of several the last of each. */
  void answers(StringBuilder to) {
    if (isOne()) {
      RunRecord run = runs.getFirst();
      Set<Integer> steps = new TreeSet<>();
      run.samples().forEach(sample -> steps.add(sample.step()));
      List<Integer> latestFirst = new ArrayList<>(steps).reversed();
      for (int step : latestFirst) {
        List<RunRecord.Sample> samples =
            run.samples().stream().filter(sample -> sample.step() == step).toList();
        long right = samples.stream().filter(RunRecord.Sample::isRight).count();
        to.append(
            "<details%s><summary>after update %s: %d of %d exactly right</summary>%n"
                .formatted(
                    step == latestFirst.getFirst() ? " open" : "",
                    Figures.count(step),
                    right,
                    samples.size()));
        table(samples.stream().map(RunRecord.Sample::prompt).toList(), _ -> samples, to);
        to.append("</details>\n");
      }
      return;
    }
    Set<String> prompts = new LinkedHashSet<>();
    runs.forEach(run -> Figures.lastSamples(run).forEach(sample -> prompts.add(sample.prompt())));
    table(List.copyOf(prompts), Figures::lastSamples, to);
  }

  private void table(
      List<String> prompts, Function<RunRecord, List<RunRecord.Sample>> samples, StringBuilder to) {
    to.append(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">asked</th><th scope=\"col\">expected</th>");
    for (int i = 0; i < runs.size(); i++) {
      to.append(
          "<th scope=\"col\">%s</th>"
              .formatted(isOne() ? "answered" : swatch(i) + Html.escaped(names.get(i))));
    }
    to.append("</tr></thead><tbody>\n");
    for (String prompt : prompts.subList(0, Math.min(prompts.size(), MOST_ANSWERS))) {
      List<List<RunRecord.Sample>> answers =
          runs.stream()
              .map(run ->
                  samples.apply(run).stream()
                      .filter(sample -> sample.prompt().equals(prompt))
                      .toList())
              .toList();
      String expected =
          answers.stream().flatMap(List::stream).findFirst().orElseThrow().reference();
      to.append("<tr>").append(cell("", prompt)).append(cell("", expected));
      for (List<RunRecord.Sample> answer : answers) {
        to.append(
            answer.isEmpty()
                ? cell("", "")
                : cell(
                    answer.getFirst().isRight() ? "right" : "wrong",
                    answer.getFirst().completion()));
      }
      to.append("</tr>\n");
    }
    to.append("</tbody></table></div>\n");
    if (prompts.size() > MOST_ANSWERS) {
      to.append(
          "<p class=\"quiet\">%d more are in samples.jsonl.</p>%n"
              .formatted(prompts.size() - MOST_ANSWERS));
    }
  }

  private static String cell(String look, String text) {
    String mark = look.equals("right") ? "✓ " : look.equals("wrong") ? "✗ " : "";
    return "<td class=\"long %s\"><pre>%s%s</pre></td>".formatted(look, mark, Html.escaped(text));
  }
}
