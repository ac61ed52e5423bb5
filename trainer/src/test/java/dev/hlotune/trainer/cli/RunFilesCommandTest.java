package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code report} and {@code diff-runs}, which look at what runs left. */
final class RunFilesCommandTest {
  @TempDir Path folder;

  private Path run(String name, double loss) throws IOException {
    Path directory = Files.createDirectory(folder.resolve(name));
    Files.writeString(
        directory.resolve("run.json"),
        "{\"config\": {\"learning_rate\": %s, \"output_dir\": \"%s\"}, \"hashes\": {\"data\": \"aa\"}}"
            .formatted(loss, name));
    Files.writeString(
        directory.resolve("metrics.jsonl"),
        "{\"step\":5,\"loss\":1.5}\n{\"step\":10,\"loss\":%s}\n".formatted(loss));
    return directory;
  }

  @Test
  void aReportGoesBesideItsRunOrWhereItIsAskedFor() throws IOException {
    Path first = run("a", 1);
    Path second = run("b", 2);
    Captured one = Captured.plain();
    assertEquals(0, Main.run(one.console(), "report", first.toString()));
    assertEquals("wrote " + first.resolve("report.html") + "\n", one.out());
    Captured both = Captured.plain();
    Path file = folder.resolve("both.html");
    assertEquals(
        0,
        Main.run(
            both.console(),
            "report",
            first.toString(),
            second.toString(),
            "--output",
            file.toString()));
    assertTrue(Files.readString(file).contains("<h1>2 runs</h1>"));
  }

  @Test
  void whatDiffersIsSaidAndIsTheExitCode() throws IOException {
    Path first = run("a", 1);
    Path second = run("b", 2);
    Captured captured = Captured.plain();
    assertEquals(7, Main.run(captured.console(), "diff-runs", first.toString(), second.toString()));
    assertEquals(
        """
        config      learning_rate  1.0  |  2.0
        metrics     the first of 2 common lines that differs: update 10
                    loss  1.0  |  2.0
        not counted output_dir  a  |  b
        the runs differ
        """,
        captured.out());
    Captured json = Captured.plain();
    assertEquals(
        7, Main.run(json.console(), "diff-runs", first.toString(), second.toString(), "--json"));
    JsonNode fields = new JsonMapper().readTree(json.out());
    assertEquals("[1.0,2.0]", fields.get("config").get("learning_rate").toString());
    assertEquals(10, fields.get("metrics").get("first_difference").intValue());
    Captured same = Captured.plain();
    assertEquals(0, Main.run(same.console(), "diff-runs", first.toString(), first.toString()));
    assertEquals(
        "metrics     the same to the last digit in 2 common lines\nthe runs are the same\n",
        same.out());
  }

  @Test
  void aDirectoryWithoutARunIsOneLine() {
    Captured captured = Captured.plain();
    assertEquals(3, Main.run(captured.console(), "report", folder.toString()));
    assertEquals(
        "hlotune: "
            + folder
            + ": expected the output directory of a run, with metrics.jsonl and run.json, got none of them\n",
        captured.err());
  }
}
