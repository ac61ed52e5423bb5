package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.hosts.LaunchDetection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HostsCommandTest {
  /** What a process prints. */
  private static String run(Map<String, String> environment, String... words) {
    Captured captured = Captured.plain();
    HostsCommand command = new HostsCommand(captured.console(), environment);
    new CommandLine(command).parseArgs(words);
    assertEquals(0, command.call());
    return captured.out();
  }

  @Test
  void aProcessAloneShowsItself() {
    List<String> lines = run(Map.of()).lines().toList();
    assertEquals("process 0 of 1 (one process)", lines.get(0));
    assertEquals("process  host, pid, devices", lines.get(1));
    assertTrue(
        lines.get(2).matches("0 {8}[^,]+, " + ProcessHandle.current().pid() + ", not opened"),
        lines.get(2));
  }

  @Test
  void processZeroShowsAll() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      String own = String.valueOf(index);
      all.add(
          CompletableFuture.supplyAsync(() ->
              run(
                  Map.of(LaunchDetection.INDEX, own),
                  "--coordinator_address",
                  "127.0.0.1:" + port,
                  "--num_processes",
                  "3",
                  "--coordinator_timeout",
                  "60")));
    }
    List<String> first = all.get(0).join().lines().toList();
    assertEquals("process 0 of 3 (as given), coordinator 127.0.0.1:" + port, first.get(0));
    assertEquals(5, first.size(), first::toString);
    assertTrue(first.get(4).startsWith("2        "), first.get(4));
    assertEquals(
        "process 2 of 3 (as given), coordinator 127.0.0.1:" + port, all.get(2).join().strip());
  }

  @Test
  void saysWhatIsWrong() {
    ConfigException failure =
        assertThrows(ConfigException.class, () -> run(Map.of(), "--num_processes", "2"));
    assertEquals(2, failure.problems().size());
    PjrtException cpus =
        assertThrows(
            PjrtException.class,
            () ->
                run(
                    Map.of(),
                    "--coordinator_address",
                    "127.0.0.1:1",
                    "--num_processes",
                    "2",
                    "--process_id",
                    "0",
                    "--platform",
                    "cpu"));
    assertTrue(cpus.toString().contains("expected 1 with the plugin for CPUs"), cpus::toString);
    assertThrows(ConfigException.class, () -> run(Map.of(), "--platform", "gpu"));
  }
}
