package dev.hlotune.sharding.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.sharding.CpuPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on this host, started as the launchers start them. */
class SeveralProcessesTest {
  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  /** Starts a process; its lines go to a file. */
  private Path start(Map<String, String> variables, String... arguments) throws IOException {
    Path said = folder.resolve("said-" + processes.size());
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OneProcess.class.getName()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLURM"));
    builder.environment().putAll(variables);
    processes.add(builder.start());
    return said;
  }

  private List<String> lines(int process, Path said) throws Exception {
    assertTrue(
        processes.get(process).waitFor(60, TimeUnit.SECONDS), () -> "no end of process " + process);
    return Files.readAllLines(said);
  }

  private static Map<String, String> variables(int index, int count, int port) {
    return new HashMap<>(
        Map.of(
            LaunchDetection.ADDRESS,
            "127.0.0.1:" + port,
            LaunchDetection.COUNT,
            String.valueOf(count),
            LaunchDetection.INDEX,
            String.valueOf(index),
            ProcessGroup.SECRET,
            "of this run"));
  }

  @Test
  void theyMeetShareOpenClientsAndPart() throws Exception {
    int port = ProcessGroupTest.freePort();
    String plugin = CpuPlugin.get().path().toString();
    List<Path> said = new ArrayList<>();
    for (int index = 2; index >= 0; index--) {
      said.addFirst(start(variables(index, 3, port), "60000", plugin));
    }
    for (int index = 0; index < 3; index++) {
      List<String> lines = lines(2 - index, said.get(index));
      assertEquals(
          List.of(
              "process " + index + " of 3 (as given), coordinator 127.0.0.1:" + port,
              "early false",
              "value 0; value 1; value 2; ",
              "DEADLINE_EXCEEDED",
              "chosen by 0"),
          lines.subList(0, 5));
      // The plugin for CPUs takes the callbacks, spans nothing, and is found out.
      assertEquals(
          index == 0
              ? "client of process 0"
              : "client: processes: process_id: expected 0, as the plugin for cpu counts, got "
                  + index
                  + " (as given) (FAILED_PRECONDITION)",
          lines.get(5));
      assertEquals("end", lines.get(6));
      assertEquals(7, lines.size(), () -> String.join("\n", lines));
    }
  }

  @Test
  void oneThatNeverJoinsIsNamedByAll() throws Exception {
    int port = ProcessGroupTest.freePort();
    Path first = start(variables(0, 3, port), "1500");
    Path third = start(variables(2, 3, port), "1500");
    String all = String.join("\n", lines(0, first)) + String.join("\n", lines(1, third));
    assertTrue(
        all.contains("barrier 'start': expected all 3 processes within 1500 ms")
            && all.contains("got none of process 1 (never came)"),
        all);
  }
}
