package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class StopSignalTest {

  /** A process that says when it listens, ends 0 once asked to stop, and waits where told to. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] arguments) throws InterruptedException {
      StopSignal stop = StopSignal.install(Console.system());
      System.out.println("listening");
      while (!stop.flag().get() || arguments.length > 0) {
        Thread.sleep(5);
      }
      System.exit(stop.code().number());
    }
  }

  @Test
  void theFirstAsksAndTheSecondEnds() {
    List<Integer> halts = new ArrayList<>();
    Captured captured = Captured.plain();
    StopSignal stop = new StopSignal(captured.console(), halts::add);
    stop.received(ExitCode.TERMINATED);
    assertTrue(stop.flag().get());
    assertEquals(ExitCode.TERMINATED, stop.code());
    assertEquals(List.of(), halts);
    stop.received(ExitCode.INTERRUPTED);
    assertEquals(List.of(130), halts);
    assertEquals(2, captured.err().lines().count());
  }

  @Test
  void aRealSignalEndsTheRunInOrder() throws Exception {
    Assumptions.assumeTrue(
        Path.of("/bin/kill").toFile().canExecute(), "needs /bin/kill to send a signal");
    assertEquals(130, signalled(List.of(), "-INT"));
    assertEquals(143, signalled(List.of(), "-TERM"));
    assertEquals(130, signalled(List.of("deaf"), "-INT", "-INT"));
  }

  private static int signalled(List<String> arguments, String... signals) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Waiting.class.getName()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).start();
    try (BufferedReader out = process.inputReader();
        BufferedReader err = process.errorReader()) {
      assertEquals("listening", out.readLine());
      for (String signal : signals) {
        kill(signal, process);
        assertTrue(String.valueOf(err.readLine()).contains("stop"));
      }
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "expected the process to end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void kill(String signal, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("/bin/kill", signal, Long.toString(process.pid())).start().waitFor();
  }
}
