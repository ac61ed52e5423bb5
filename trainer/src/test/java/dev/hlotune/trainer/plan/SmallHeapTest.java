package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The train step of a model of eight thousand million weights is made in little memory. */
@Tag("slow")
final class SmallHeapTest {
  @ParameterizedTest
  @CsvSource({"true, full", "true, lora", "false, full", "false, lora"})
  void halfAGibibyteIsEnough(boolean scan, String tuning) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Emission.class.getName(),
                "--model_name_or_path",
                Repository.root().resolve("configs/llama3.1-8b/config.json").toString(),
                "--dtype",
                "bfloat16",
                "--max_length",
                "2048",
                "--per_device_train_batch_size",
                "1",
                "--scan_layers",
                String.valueOf(scan)));
    if (tuning.equals("lora")) {
      command.addAll(List.of("--use_peft", "true", "--lora_target_modules", "all-linear"));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("train_step_8x2048: "), said);
    assertTrue(said.contains("heap at most 512 MiB"), said);
  }
}
