package dev.hlotune.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDifferenceTest {
  @TempDir Path folder;

  private RunRecord run(String name, String rate, String... lines) throws IOException {
    return RunRecord.read(WrittenRun.write(folder.resolve(name), rate, lines));
  }

  @Test
  void placesAndTimesAreNoDifference() throws IOException {
    RunRecord a = run("a", "1e-3", WrittenRun.line(1, 9), WrittenRun.line(2, 8));
    RunRecord b =
        run(
            "b",
            "0.001",
            WrittenRun.line(1, 9).replace("100.0", "200.0"),
            WrittenRun.line(2, 8).replace("500.0", "250.0"));
    RunDifference difference = RunDifference.of(a, b);
    assertFalse(difference.differs(), difference.toString());
    assertEquals(2, difference.compared());
    assertEquals(List.of(new RunDifference.Entry("output_dir", "a", "b")), difference.uncounted());
  }

  @Test
  void theFirstUpdateWithAnotherFigureIsFound() throws IOException {
    RunRecord a =
        run("a", "1e-3", WrittenRun.line(1, 9), WrittenRun.line(2, 8), WrittenRun.line(3, 7));
    RunRecord b =
        run(
            "b",
            "1e-3",
            WrittenRun.line(2, 8, 0.5),
            WrittenRun.line(3, 7.000000000000001),
            WrittenRun.line(4, 1));
    RunDifference difference = RunDifference.of(a, b);
    assertEquals(2, difference.compared());
    RunDifference.Divergence from = difference.metrics().orElseThrow();
    assertEquals(2, from.step());
    assertEquals(List.of(new RunDifference.Entry("eval_loss", null, 0.5)), from.entries());
    assertEquals(List.of(new RunDifference.Entry("updates", 3, 4)), difference.results());
    assertEquals(
        Optional.of(3),
        RunDifference.of(
                a, run("c", "1e-3", WrittenRun.line(2, 8), WrittenRun.line(3, 7.000000000000001)))
            .metrics()
            .map(RunDifference.Divergence::step));
  }

  @Test
  void factsOfEverySectionAreCompared() throws IOException {
    RunRecord a = run("a", "1e-3", WrittenRun.line(1, 9));
    Path directory = WrittenRun.write(folder.resolve("b"), "2e-3", WrittenRun.line(1, 9));
    Path manifest = directory.resolve("run.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"data\": \"aa\"", "\"data\": \"ab\"")
            .replace("\"cpu\"", "\"cuda\"")
            .replace("\"java\": \"25\"", "\"java\": \"26\", \"plugin\": \"x\""));
    RunDifference difference = RunDifference.of(a, RunRecord.read(directory));
    assertTrue(difference.differs());
    assertEquals(Set.of("versions", "config", "hashes", "device"), difference.facts().keySet());
    assertEquals(
        List.of(
            new RunDifference.Entry("java", "25", "26"),
            new RunDifference.Entry("plugin", null, "x")),
        difference.facts().get("versions"));
    assertEquals(
        List.of(new RunDifference.Entry("learning_rate", 1e-3, 2e-3)),
        difference.facts().get("config"));
  }
}
