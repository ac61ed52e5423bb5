package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.TrainResults;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around a run, in a process of its own, since it changes what signals do. */
final class SftCommandTest {
  @TempDir Path directory;

  /**
   * The command, with a run that takes steps until it is asked to stop or has done {@code
   * max_steps}.
   */
  static final class Stepping {
    private Stepping() {}

    public static void main(String[] arguments) {
      Console console = Console.system();
      System.exit(SftCommand.line(console, Stepping::run).execute(arguments));
    }

    static RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop)
        throws InterruptedException {
      observer.on(new RunEvent.Noted("running"));
      int steps = 0;
      while (!stop.get() && steps != config.schedule().maxSteps()) {
        Thread.sleep(5);
        steps++;
      }
      RunSummary summary =
          new RunSummary(
              stop.get() ? RunSummary.Outcome.INTERRUPTED : RunSummary.Outcome.DONE,
              steps,
              1000,
              0,
              1,
              Optional.empty(),
              Optional.empty(),
              0,
              0,
              0,
              new TrainResults(0, 0, 0, 0, 0, 0),
              config.output().directory());
      observer.on(new RunEvent.Ended(summary));
      return summary;
    }
  }

  private Process start(String... more) throws Exception {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Stepping.class.getName(),
                "--model_name_or_path",
                data.toString(),
                "--dataset_name=" + data,
                "--output_dir",
                "runs/x"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).start();
  }

  @Test
  void aRunThatIsOverEndsWellAndSaysSo() throws Exception {
    Process process = start("--max_steps", "3");
    try (BufferedReader out = process.inputReader()) {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertTrue(String.valueOf(out.readLine()).startsWith("done after 3 of 1000 updates"));
    }
  }

  @Test
  void anInterruptedRunSaysThatAllIsIntact() throws Exception {
    Path kill = Path.of("/bin/kill");
    Assumptions.assumeTrue(Files.isExecutable(kill), "needs /bin/kill to send a signal");
    Process process = start();
    try (BufferedReader out = process.inputReader();
        BufferedReader err = process.errorReader()) {
      assertEquals("running", err.readLine());
      new ProcessBuilder(kill.toString(), "-INT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
      String said = out.lines().collect(Collectors.joining("\n"));
      assertTrue(said.startsWith("interrupted after "), said);
      assertTrue(
          said.endsWith("what was written to runs/x is intact; --resume auto goes on"), said);
    } finally {
      process.destroyForcibly();
    }
  }
}
