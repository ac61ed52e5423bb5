package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.verify.ResumeReport;
import dev.hlotune.trainer.verify.ResumeVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResumeCommandTest {
  @TempDir Path folder;
  private final Captured captured = Captured.plain();

  private int run(ResumeCommand.Verification verification, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(new TinyRun(folder).options());
    arguments.addAll(List.of(more));
    return ResumeCommand.line(captured.console(), verification)
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void comparesARunOfItsOwnWithOneThatWasInterrupted() throws IOException {
    TestClient.get();
    assertEquals(
        0, run(ResumeVerification::run, "--steps", "5", "--at", "3", "--packing", "--json"));
    JsonNode report = new JsonMapper().readTree(captured.out());
    assertTrue(report.get("agrees").asBoolean());
    assertEquals(5, report.get("lines").asInt());
    assertEquals(3, report.get("at").asInt());
    assertEquals(
        List.of("model.safetensors", "optimizer.safetensors"),
        new JsonMapper().convertValue(report.get("files"), List.class));
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(path -> path.toString().contains("verify-resume")), "left behind");
    }
  }

  @Test
  void saysWhatIsNotTheSame() throws IOException {
    ResumeReport report =
        new ResumeReport(
            20,
            10,
            7,
            20,
            List.of(new ResumeReport.Difference(11, "loss", "1.5", "1.25")),
            List.of("model.safetensors"),
            List.of("model.safetensors"));
    assertEquals(7, run((_, _, _, _, _) -> report));
    assertEquals(
        """
        20 updates, and 20 with a new start after 10; an epoch has 7
        figures: 1 are not the same
          step 11, loss: 1.5, resumed 1.25
        weights and optimizer state: not the same in model.safetensors
        """,
        captured.out());
  }

  @Test
  void refusesAnInterruptionAfterTheEnd() {
    assertEquals(
        2,
        Main.run(
            captured.console(), "verify", "resume", "recipe.yaml", "--steps", "4", "--at", "4"));
    assertTrue(
        captured
            .err()
            .contains("--at: expected an update before the last of '--steps', got 4 of 4"),
        captured.err());
  }
}
