package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.KeyReference;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  @TempDir Path directory;
  private final Captured captured = Captured.plain();

  private int run(String... arguments) {
    return Main.run(captured.console(), arguments);
  }

  @Test
  void helpListsEveryCommandAndTheExitCodes() {
    assertEquals(0, run("--help"));
    for (Subcommand one : Subcommand.values()) {
      assertTrue(captured.out().contains("  " + one.spelled() + " "), one.spelled());
    }
    assertTrue(captured.out().replaceAll("\\s+", " ").contains("130 stopped by Ctrl-C"));
  }

  @Test
  void versionNamesTheProgram() {
    assertEquals(0, run("--version"));
    assertTrue(captured.out().matches("hlotune \\d+\\.\\d+\\.\\d+.*\\R"), captured.out());
  }

  @Test
  void helpOfSftExplainsEveryKey() {
    assertEquals(0, run("sft", "--help"));
    assertTrue(captured.out().contains(KeyReference.sftHelp(80)), captured.out());
  }

  @Test
  void keysPrintsTheDocumentation() throws IOException {
    assertEquals(0, run("keys", "--markdown"));
    Path root = Path.of(System.getProperty("hlotune.root", ".."));
    assertEquals(Files.readString(root.resolve("docs/configuration.md")), captured.out());
  }

  @Test
  void aWrongCommandIsOneLine() {
    assertEquals(2, run("stf"));
    assertEquals(
        "hlotune: command: expected one of [sft, sweep, data, score, eval, generate, chat, compare, verify, plan, compile, merge, export, run, report, diff-runs, bench, plugins, cache, doctor, hosts, keys], got 'stf'; see hlotune --help\n",
        captured.err());
  }

  @Test
  void noCommandIsOneLine() {
    assertEquals(2, run());
    assertEquals("hlotune: command: expected one, got none; see hlotune --help\n", captured.err());
  }

  @Test
  void aWrongRecipeIsOneLineForEachProblem() {
    assertEquals(2, run("sft", "--lerning_rate", "1", "--max_length", "x"));
    assertEquals(
        """
        hlotune: --lerning_rate: 'lerning_rate': expected a known key, got an unknown one; did you\
         mean 'learning_rate'?
        hlotune: --max_length: 'max_length': expected a whole number of at least 2, got 'x'
        hlotune: 'model_name_or_path': expected a value, got none; set it in the recipe or with\
         --model_name_or_path
        hlotune: 'dataset_name': expected a value, got none; set it in the recipe or with\
         --dataset_name
        """,
        captured.err());
  }

  @Test
  void dryRunPrintsARecipeThatGivesTheSame() throws IOException {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    String[] arguments = {
      "sft", "--model", data.toString(), "--dataset_name=" + data, "--packing", "--dry-run"
    };
    assertEquals(0, run(arguments));
    Path recipe = Files.writeString(directory.resolve("recipe.yaml"), captured.out());
    assertTrue(captured.out().contains("packing: true\n"), captured.out());
    Captured second = Captured.plain();
    assertEquals(0, Main.run(second.console(), "sft", recipe.toString(), "--dry-run"));
    assertEquals(captured.out(), second.out());
    assertEquals("--model: 'model' is read as 'model_name_or_path'\n", captured.err());
  }

  @Test
  void everyKindOfErrorHasItsCode() {
    assertEquals(ExitCode.USAGE, ExitCode.of(ConfigException.of("x")));
    assertEquals(ExitCode.DATA, ExitCode.of(new DataException("x")));
    assertEquals(
        ExitCode.DEVICE,
        ExitCode.of(new PjrtException(ErrorCode.INTERNAL, "PJRT_Client_Create", "x")));
    assertEquals(ExitCode.FILES, ExitCode.of(new IOException("x")));
    assertEquals(ExitCode.FILES, ExitCode.of(new UncheckedIOException(new IOException("x"))));
    assertEquals(ExitCode.FAILURE, ExitCode.of(new IllegalStateException("x")));
  }

  @Test
  void aDeviceWithoutMemoryIsToldWithTheKeysToLower() {
    ErrorReport report = new ErrorReport(captured.console());
    PjrtException full =
        new PjrtException(ErrorCode.RESOURCE_EXHAUSTED, "PJRT_Client_BufferFromHostBuffer", "out");
    assertEquals(4, report.failure(full, false));
    assertTrue(
        captured
            .err()
            .endsWith(
                "; lower 'per_device_train_batch_size' or 'max_length', or set"
                    + " 'gradient_checkpointing' to 'full'\n"),
        captured.err());
  }

  @Test
  void theTraceIsPrintedOnlyWhenAskedFor() {
    ErrorReport report = new ErrorReport(captured.console());
    assertEquals(1, report.failure(new IllegalStateException("first\nsecond"), false));
    assertEquals(
        "hlotune: internal error: IllegalStateException: first (--verbose prints the trace)\n",
        captured.err());
    assertFalse(captured.err().contains("\tat "));
    Captured ours = Captured.plain();
    new ErrorReport(ours.console())
        .failure(new ArithmeticException("step 3: expected a finite loss, got NaN"), false);
    assertEquals("hlotune: step 3: expected a finite loss, got NaN\n", ours.err());
    report.failure(new IllegalStateException("x"), true);
    assertTrue(captured.err().contains("\tat "));
  }

  @Test
  void doctorLooksAtEverything() {
    run("doctor", "--offline");
    for (String subject :
        new String[] {"java", "cpu", "memory", "plugin", "network", "cache", "folder"}) {
      assertTrue(
          captured
              .out()
              .lines()
              .anyMatch(line -> line.matches("(ok|warn|fail) +" + subject + " .*")),
          captured.out());
    }
  }
}
