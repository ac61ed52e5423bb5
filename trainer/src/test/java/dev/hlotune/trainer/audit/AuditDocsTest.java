package dev.hlotune.trainer.audit;

import static dev.hlotune.trainer.audit.AuditData.BEGIN;
import static dev.hlotune.trainer.audit.AuditData.END;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on audits says what is looked for and what the report holds, all of it and no more. */
final class AuditDocsTest {
  private static List<String> lines() throws IOException {
    return Files.readAllLines(Repository.root().resolve("docs/data-audit.md"));
  }

  @Test
  void everyCheckIsInTheTableWithItsLimits() throws IOException {
    assertEquals(
        Stream.of(Check.values()).map(Check::documented).toList(),
        lines().stream()
            .filter(line -> line.matches("\\| `\\w+` \\| [a-z -]+ \\| (any|never|\\d+ %) \\|.*"))
            .toList());
  }

  private static BatchFacts.Way way(Examples examples, boolean packing) {
    LadderReport ladder =
        LadderReport.packed(
            LengthHistogram.of(examples), 4, AuditData.LONGEST, 2, BucketCost.forWidth(16));
    return new BatchFacts.Way(
        ladder,
        BatchPlan.of(examples, ladder.ladder(), new PlanOptions(packing, true, true, 0, 1))
            .statistics());
  }

  private static JsonNode report() throws IOException {
    AuditData data = AuditData.clean(30).drop(DropReason.BAD_RECORD, 2, "broken", 3, 4);
    data.add(AuditData.ids(BEGIN, 10, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    AuditSource source = data.source();
    return new JsonMapper()
        .readTree(
            AuditJson.of(
                Audit.of(List.of(source), List.of(source), List.of(), AuditProgress.NONE),
                new BatchFacts(true, way(source.examples(), true), way(source.examples(), false))));
  }

  private static void fields(JsonNode node, String path, Set<String> to) {
    if (!path.isEmpty()) {
      to.add(path);
    }
    if (node.isArray()) {
      node.forEach(element -> fields(element, path + "[]", to));
    }
    node.properties()
        .forEach(field ->
            fields(
                field.getValue(),
                path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                to));
  }

  @Test
  void everyFieldOfTheReportIsDocumented() throws IOException {
    Set<String> written = new TreeSet<>();
    fields(report(), "", written);
    // These have the fields of "train" and of "batches.packed".
    written.removeIf(path -> path.startsWith("held_out.") || path.startsWith("batches.unpacked."));
    // Said with the list or the object that it is.
    written.removeIf(path -> written.stream().anyMatch(other -> other.equals(path + "[]")));
    written.removeIf(path ->
        !path.endsWith("[]")
            && !Set.of("train", "held_out", "batches.packed", "batches.unpacked").contains(path)
            && written.stream().anyMatch(other -> other.startsWith(path + ".")));
    Set<String> documented = new TreeSet<>();
    lines().stream()
        .dropWhile(line -> !line.equals("| field | what |"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .forEach(cell ->
            Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .forEach(name -> documented.add(name.group(1))));
    assertEquals(written, documented);
  }

  @Test
  void aReportReadsBackAsItWas() throws IOException {
    JsonNode report = report();
    assertEquals("true", report.path("passed").toString());
    assertEquals(
        Set.of("bad_records", "duplicates", "held_out_leak"),
        report.findValues("code").stream().map(JsonNode::asText).collect(Collectors.toSet()));
    assertEquals(31, report.path("train").path("examples").asInt());
    assertEquals(31, report.path("held_out").path("examples").asInt());
    JsonNode ends = report.path("train").path("sources").path(0).path("end_token");
    assertEquals(
        "{\"trained\":\"yes\",\"answers\":31,\"ended\":31,\"share\":1.0,\"cut\":0,"
            + "\"handed_over\":0,\"tokens\":[{\"id\":1,\"token\":\"<end>\",\"answers\":31}]}",
        ends.toString());
  }
}
