package dev.hlotune.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunRecordTest {
  @TempDir Path folder;

  private static List<Double> losses(RunRecord run) {
    return run.lines().stream().map(line -> RunRecord.number(line, "loss").orElse(-1)).toList();
  }

  @Test
  void aRunThatWentBackHasWhatItDidThen() throws IOException {
    RunRecord run =
        RunRecord.read(
            WrittenRun.write(
                folder.resolve("a"),
                "1e-3",
                WrittenRun.line(1, 9),
                WrittenRun.line(2, 8),
                WrittenRun.line(3, 7),
                WrittenRun.line(2, 6),
                WrittenRun.line(3, 5),
                WrittenRun.line(4, 4),
                WrittenRun.line(4, 3)));
    assertEquals(List.of(9.0, 6.0, 5.0, 3.0), losses(run));
    assertEquals(List.of(2, 4), run.resumed());
    assertEquals("a", run.name());
  }

  @Test
  void aRunThatGoesOnIsReadUpToItsLastWholeLine() throws IOException {
    Path directory = WrittenRun.write(folder.resolve("a"), "1e-3", WrittenRun.line(1, 9));
    Files.writeString(
        directory.resolve("metrics.jsonl"), "{\"step\":2,\"lo", StandardOpenOption.APPEND);
    RunRecord run = RunRecord.read(directory);
    assertEquals(List.of(9.0), losses(run));
    assertTrue(run.results().isEmpty() && run.samples().isEmpty() && run.nonfinite().isEmpty());
  }

  @Test
  void lossesThatAreNoNumbersAreGaps() throws IOException {
    Path directory = WrittenRun.write(folder.resolve("a"), "1e-3", "{\"step\":1,\"loss\":\"NaN\"}");
    assertEquals(
        OptionalDouble.empty(),
        RunRecord.number(RunRecord.read(directory).lines().getFirst(), "loss"));
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    Path directory =
        WrittenRun.write(
            folder.resolve("a"),
            "1e-3",
            WrittenRun.line(1, 9),
            "{\"step\":",
            WrittenRun.line(3, 7));
    DataException broken = assertThrows(DataException.class, () -> RunRecord.read(directory));
    assertTrue(
        String.valueOf(broken.getMessage()).contains("metrics.jsonl:2: expected a JSON object"),
        broken.getMessage());
  }

  @Test
  void aDirectoryWithoutARunIsRefused() {
    DataException none = assertThrows(DataException.class, () -> RunRecord.read(folder));
    assertTrue(
        String.valueOf(none.getMessage()).contains("expected the output directory of a run"),
        none.getMessage());
  }
}
