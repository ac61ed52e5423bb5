package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.hosts.ProcessPlace;
import dev.hlotune.trainer.Repository;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final Map<String, String> SLURM =
      Map.of(
          "SLURM_JOB_ID", "7",
          "SLURM_STEP_NODELIST", "gpu[1-2]",
          "SLURM_STEP_NUM_TASKS", "2",
          "SLURM_PROCID", "1");

  @TempDir private Path folder;

  private final List<String> notes = new ArrayList<>();

  private SftConfig config(String... options) {
    List<String> words = new ArrayList<>();
    words.add(Repository.root().resolve("configs/llama3.1-8b-lora.yaml").toString());
    words.addAll(List.of("--output_dir", folder.resolve("run").toString()));
    words.addAll(List.of(options));
    return SftRecipe.read(words).config();
  }

  private ProcessPlace place(SftConfig config, Map<String, String> environment) {
    return Processes.place(
        config,
        environment,
        event -> {
          if (event instanceof RunEvent.Noted(String message)) {
            notes.add(message);
          }
        });
  }

  @Test
  void theRecipeGoesFirstAndTheLauncherIsNextToIt() {
    assertEquals(ProcessPlace.alone(), place(config(), Map.of()));
    assertEquals(
        "process 1 of 2 (Slurm), coordinator gpu1:61447",
        place(config("--platform", "cuda13"), SLURM).toString());
    ProcessPlace given =
        place(
            config(
                "--platform", "tpu",
                "--coordinator_address", "[fd00::7]:99",
                "--num_processes", "4",
                "--process_id", "3",
                "--coordinator_timeout", "17"),
            SLURM);
    assertEquals("process 3 of 4 (as given), coordinator [fd00::7]:99", given.toString());
    assertEquals(17, given.timeout().toSeconds());
    assertEquals(List.of(), notes);
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    ConfigException failure =
        assertThrows(
            ConfigException.class,
            () ->
                place(
                    config("--platform", "cuda13"),
                    Map.of("HLOTUNE_NUM_PROCESSES", "x", "HLOTUNE_PROCESS_ID", "1")));
    assertEquals(
        List.of(
            "HLOTUNE_NUM_PROCESSES: expected a whole number from 0, got 'x'",
            "num_processes: expected how many processes there are, got none; give it, or start by"
                + " Slurm, Kubernetes, Open MPI or GKE, which say so"),
        failure.problems().stream().map(Object::toString).limit(2).toList());
  }

  /** Before the output directory is made, or a plugin loaded. */
  @Test
  void theProcessorIsOfOneProcess() {
    PjrtException onCpus = assertThrows(PjrtException.class, () -> run(config(), SLURM));
    assertEquals(ErrorCode.UNIMPLEMENTED, onCpus.code());
    assertFalse(Files.exists(folder.resolve("run")));
  }

  @Test
  void aProcessThatNeverComesIsNamed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    PjrtException failure =
        assertThrows(
            PjrtException.class,
            () ->
                run(
                    config(
                        "--platform", "cuda13",
                        "--coordinator_address", "127.0.0.1:" + port,
                        "--num_processes", "2",
                        "--process_id", "0",
                        "--coordinator_timeout", "1"),
                    Map.of()));
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, failure.code());
    assertTrue(String.valueOf(failure.getMessage()).contains("process 1"), failure::getMessage);
    assertFalse(Files.exists(folder.resolve("run")));
  }

  private static RunSummary run(SftConfig config, Map<String, String> environment)
      throws Exception {
    return SftRun.run(config, environment, _ -> {}, new AtomicBoolean(), _ -> Long.MAX_VALUE);
  }
}
