package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C during a real run in a process of its own. */
final class InterruptedRunTest {
  private static final Path KILL = Path.of("/bin/kill");

  @TempDir Path folder;

  @Test
  void theRunEndsAtItsNextStepAndLeavesAllIntact() throws Exception {
    assumeTrue(Files.isExecutable(KILL), "needs /bin/kill to send a signal");
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "sft"));
    command.addAll(tiny.options("max_steps", "1000000", "logging_steps", "1"));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      boolean signalled = false;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (!signalled && line.startsWith("step 3/")) {
          new ProcessBuilder(KILL.toString(), "-INT", Long.toString(process.pid()))
              .start()
              .waitFor();
          signalled = true;
        }
      }
      String said = String.join("\n", lines) + Files.readString(folder.resolve("err"));
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
      assertEquals(130, process.exitValue(), said);
      assertEquals(
          "what was written to " + tiny.path("out") + " is intact; --resume auto goes on",
          lines.removeLast(),
          said);
      assertTrue(lines.removeLast().startsWith("train_runtime "), said);
      String end = lines.removeLast();
      assertTrue(end.matches("interrupted after \\d+ of 1000000 updates in .*"), said);
      int steps = Integer.parseInt(end.split(" ", 4)[2]);
      assertEquals(steps, tiny.metrics("out").size(), "every step has its line");
      List<String> errors = new ArrayList<>(Files.readAllLines(folder.resolve("err")));
      assertEquals("stopping after this step; once more stops at once", errors.removeLast());
      assertTrue(errors.stream().allMatch(line -> line.startsWith("data audit: warning ")), said);
      CheckpointDirectory left = CheckpointDirectory.at(tiny.path("out"), steps);
      left.verify();
      try (ModelWeights weights = ModelWeights.open(left.path())) {
        assertEquals(11, weights.tensors().size());
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
