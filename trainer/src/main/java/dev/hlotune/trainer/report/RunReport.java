package dev.hlotune.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One page on one run or several: curves over each other, what they came to, what differs. */
public final class RunReport {
  private static final JsonMapper JSON = new JsonMapper();

  private RunReport() {}

  /**
   * Writes the page whole.
   *
   * @param runs at least one
   * @throws IOException if it cannot be written
   */
  public static void write(List<RunRecord> runs, Path file) throws IOException {
    AtomicFile.write(file, page(runs).getBytes(StandardCharsets.UTF_8));
  }

  /** The page. */
  static String page(List<RunRecord> runs) {
    List<String> names = names(runs);
    List<RunRecord> named = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      RunRecord run = runs.get(i);
      named.add(
          new RunRecord(
              names.get(i),
              run.directory(),
              run.manifest(),
              run.lines(),
              run.resumed(),
              run.samples(),
              run.results(),
              run.nonfinite()));
    }
    String title = names.size() == 1 ? names.getFirst() : names.size() + " runs";
    StringBuilder body = new StringBuilder();
    header(title, named, body);
    controls(named, body);
    body.append("<main>\n");
    notices(named, body);
    ReportTables tables = new ReportTables(named, names);
    body.append("<div class=\"charts\" id=\"charts\"></div>\n");
    body.append(
        "<p class=\"quiet\">A curve's values are shown under the pointer, or by the arrow keys. Dragging looks closer, a double click shows all again.</p>\n");
    body.append("<h2>What it came to</h2>\n");
    tables.figures(body);
    if (named.stream().anyMatch(run -> !run.samples().isEmpty())) {
      body.append("<h2>Answers to held-out questions</h2>\n");
      tables.answers(body);
    }
    body.append("<h2>Configuration and facts</h2>\n");
    if (runs.size() > 1) {
      body.append(
          "<p class=\"quiet\"><label><input type=\"checkbox\" id=\"only\"> only what differs</label></p>\n");
    }
    tables.manifest(body);
    body.append("</main>\n<script type=\"application/json\" id=\"data\">")
        .append(json(ReportData.of(named)))
        .append("</script>\n");
    return Html.page(
        "hlotune: " + title,
        Html.resource(RunReport.class, "report.css"),
        body.toString(),
        Html.resource(RunReport.class, "report.js"));
  }

  /** Names that are each another: where two are the same, with their directories. */
  private static List<String> names(List<RunRecord> runs) {
    List<String> plain = runs.stream().map(RunRecord::name).toList();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      String name = plain.get(i);
      boolean twice = plain.stream().filter(name::equals).count() > 1;
      names.add(twice ? name + " (" + runs.get(i).directory() + ")" : name);
    }
    return names;
  }

  private static void header(String title, List<RunRecord> runs, StringBuilder to) {
    to.append("<header>\n<h1>").append(Html.escaped(title)).append("</h1>\n");
    for (int i = 0; i < runs.size(); i++) {
      RunRecord run = runs.get(i);
      Map<String, Object> config = run.manifest().getOrDefault("config", Map.of());
      List<String> words = new ArrayList<>();
      for (String key : List.of("model_name_or_path", "dataset_name", "learning_rate", "optim")) {
        if (config.containsKey(key)) {
          words.add(key + " " + Figures.plain(config.get(key)));
        }
      }
      to.append("<p>")
          .append(runs.size() == 1 ? "" : ReportTables.swatch(i))
          .append(
              Html.escaped((runs.size() == 1 ? "" : run.name() + ": ") + String.join(", ", words)))
          .append("</p>\n");
    }
    to.append("</header>\n");
  }

  private static void controls(List<RunRecord> runs, StringBuilder to) {
    to.append(
        """
        <div class="controls">
        <label>along <select id="x"><option value="step">updates</option><option value="epoch">epochs</option><option value="num_tokens">tokens</option><option value="time">seconds of training</option></select></label>
        <label>smoothed <input type="range" id="smooth" min="0" max="0.98" step="0.02" value="0"></label>
        <label><input type="checkbox" id="log"> logarithmic loss and norm</label>
        <button id="whole" hidden>show all</button>
        """);
    for (int i = 0; runs.size() > 1 && i < runs.size(); i++) {
      to.append(
          "<button data-run=\"%d\" aria-pressed=\"true\">%s%s</button>%n"
              .formatted(i, ReportTables.swatch(i), Html.escaped(runs.get(i).name())));
    }
    to.append("</div>\n");
  }

  private static void notices(List<RunRecord> runs, StringBuilder to) {
    for (RunRecord run : runs) {
      String who = runs.size() == 1 ? "" : run.name() + ": ";
      if (!run.nonfinite().isEmpty()) {
        notice(
            who
                + "updates without a finite loss or gradient; their batches are in "
                + String.join(", ", run.nonfinite()),
            to);
      }
      if (run.results().isEmpty()) {
        notice(who + "there is no train_results.json: the run goes on, or was cut off", to);
      }
      if (!run.resumed().isEmpty()) {
        to.append("<p class=\"quiet\">")
            .append(
                Html.escaped(
                    who
                        + "went back to an earlier update, and on from "
                        + String.join(", ", run.resumed().stream().map(Figures::count).toList())))
            .append("</p>\n");
      }
    }
  }

  private static void notice(String text, StringBuilder to) {
    to.append("<p class=\"notice\">").append(Html.escaped(text)).append("</p>\n");
  }

  /** JSON as it may stand in a script element. */
  private static String json(Map<String, Object> data) {
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON does not have", e);
    }
  }
}
