package dev.hlotune.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunReportTest {
  @TempDir Path folder;

  private static JsonNode data(String page) throws IOException {
    Matcher found =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(page);
    assertTrue(found.find());
    return new JsonMapper().readTree(found.group(1));
  }

  private RunRecord first() throws IOException {
    Path directory =
        WrittenRun.write(
            folder.resolve("first"),
            "1e-3",
            WrittenRun.line(10, 5),
            WrittenRun.line(20, 3, 2.5),
            WrittenRun.line(30, 2, 1.25));
    Files.writeString(
        directory.resolve("samples.jsonl"),
        """
        {"step":20,"prompt":"1+1?","completion":"3","reference":"2","exact_match":false}
        {"step":30,"prompt":"1+1?","completion":"<script>","reference":"2","exact_match":false}
        {"step":30,"prompt":"2+2?","completion":"4","reference":"4","exact_match":true}
        """);
    Files.writeString(
        directory.resolve("train_results.json"), "{\"train_loss\": 3.25, \"train_runtime\": 75.5}");
    return RunRecord.read(directory);
  }

  @Test
  void aRunIsOnePageThatNeedsNothingElse() throws IOException {
    Path file = folder.resolve("new/report.html");
    RunReport.write(List.of(first()), file);
    String page = Files.readString(file);
    // Nothing is fetched, and what is in the data is no markup.
    assertFalse(
        Pattern.compile("(src|href)=|@import|url\\(").matcher(page).find(), "nothing is fetched");
    assertTrue(page.contains("default-src 'none'"), "and nothing may be");
    assertFalse(page.contains("<script>\""), page);
    assertTrue(page.contains("&lt;script&gt;") && page.contains("&lt;b&gt;train&lt;/b&gt;.jsonl"));
    assertTrue(page.contains("after update 30: 1 of 2 exactly right"), page);
    for (String row :
        List.of(
            "<th scope=\"row\">updates</th><td>30</td>",
            "<th scope=\"row\">held-out loss, best</th><td>1.2500 after update 30</td>",
            "<th scope=\"row\">train loss, whole run</th><td>3.2500</td>",
            "<th scope=\"row\">time</th><td>1:16</td>",
            "<th scope=\"row\">device memory</th><td>1.0 MiB</td>",
            "<th scope=\"row\">stablehlo/4x16</th><td>bb</td>")) {
      assertTrue(page.contains(row), row);
    }
    JsonNode data = data(page);
    JsonNode run = data.get("runs").get(0);
    assertEquals("[10,20,30]", run.get("x").get("step").toString());
    assertEquals("[1,2,3]", run.get("x").get("time").toString());
    assertEquals("[5,3,2]", run.get("series").get("loss").toString());
    assertEquals("[null,2.5,1.25]", run.get("series").get("eval_loss").toString());
    List<String> titles = new ArrayList<>();
    data.get("charts").forEach(chart -> titles.add(chart.get("title").textValue()));
    assertEquals(
        List.of(
            "Loss",
            "Answers exactly right",
            "Learning rate",
            "Gradient norm",
            "Tokens a second",
            "Memory",
            "Time of an update, and waiting for data"),
        titles,
        "what was not measured has no chart");
  }

  @Test
  void severalRunsLieOverEachOtherAndTheirDifferencesAreMarked() throws IOException {
    Path other =
        WrittenRun.write(
            folder.resolve("other/first"), "2e-3", WrittenRun.line(10, 4), WrittenRun.line(20, 2));
    String page = RunReport.page(List.of(first(), RunRecord.read(other)));
    assertTrue(page.contains("<tr class=\"differs\"><th scope=\"row\">learning_rate</th>"), page);
    assertTrue(page.contains("<tr class=\"same\"><th scope=\"row\">packing</th>"));
    JsonNode runs = data(page).get("runs");
    assertEquals(2, runs.size());
    assertEquals(
        "first (" + other + ")", runs.get(1).get("name").textValue(), "names are told apart");
    assertTrue(page.contains("there is no train_results.json: the run goes on, or was cut off"));
  }

  @Test
  void ofALongRunNeighboursAreMeans() throws IOException {
    String[] lines = new String[5_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = WrittenRun.line(i + 1, i % 3);
    }
    JsonNode run =
        data(RunReport.page(
                List.of(RunRecord.read(WrittenRun.write(folder.resolve("a"), "1", lines)))))
            .get("runs")
            .get(0);
    JsonNode steps = run.get("x").get("step");
    assertEquals(1_667, steps.size());
    assertEquals(3, steps.get(0).intValue());
    assertEquals(5_000, steps.get(1_666).intValue());
    assertEquals(1.0, run.get("series").get("loss").get(7).doubleValue());
  }

  @Test
  void whatOthersMeasureHasAChartToo() throws IOException {
    Path directory =
        WrittenRun.write(
            folder.resolve("a"), "1", "{\"step\":1,\"loss\":1,\"eval_arc_easy_acc\":0.5}");
    JsonNode charts = data(RunReport.page(List.of(RunRecord.read(directory)))).get("charts");
    assertEquals("eval_arc_easy_acc", charts.get(1).get("title").textValue());
  }

  @Test
  void batchesWithoutANumberAreTold() throws IOException {
    Path directory = WrittenRun.write(folder.resolve("a"), "1", WrittenRun.line(1, 1));
    Files.createDirectory(directory.resolve("nonfinite"));
    Files.writeString(directory.resolve("nonfinite/step-2.json"), "{}");
    assertTrue(
        RunReport.page(List.of(RunRecord.read(directory))).contains("nonfinite/step-2.json</p>"));
  }
}
