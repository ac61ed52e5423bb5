package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsLogTest {
  @TempDir Path directory;

  private static StepMetrics metrics(int step, double loss, @Nullable Double evalLoss) {
    return new StepMetrics(
        step,
        0.5,
        loss,
        evalLoss,
        1.25,
        3e-4,
        1000,
        400,
        5000,
        0.01,
        80,
        0,
        new StepTelemetry(12.5, 0.4, 1.5, 1, 2, 3, 4, 5_000, 6_000, 7e9, null),
        Map.of());
  }

  @Test
  void eachLineIsThereBeforeTheNextStep() throws IOException {
    Path file = directory.resolve("new/metrics.jsonl");
    try (MetricsLog log = MetricsLog.create(file)) {
      log.append(metrics(1, 2.5, null));
      assertEquals(
          "{\"step\":1,\"epoch\":0.5,\"loss\":2.5,\"grad_norm\":1.25,\"learning_rate\":3.0E-4,"
              + "\"num_tokens\":1000,\"supervised_tokens\":400,\"tokens_per_second\":5000.0,"
              + "\"padding_fraction\":0.01,\"step_time_ms\":80.0,\"recompiles\":0,"
              + "\"samples_per_second\":12.5,\"supervised_fraction\":0.4,\"data_wait_ms\":1.5,"
              + "\"skipped_steps\":1,\"overflowed_steps\":2,\"nonfinite_steps\":3,"
              + "\"masked_rows\":4,\"device_memory_bytes\":5000,\"host_memory_bytes\":6000,"
              + "\"total_flos\":7.0E9}\n",
          Files.readString(file));
      log.append(metrics(2, Double.NaN, 1.5));
      assertTrue(
          Files.readString(file).contains("\"loss\":\"NaN\",\"eval_loss\":1.5"),
          Files.readString(file));
    }
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void aNewRunStartsANewFile() throws IOException {
    Path file = directory.resolve("metrics.jsonl");
    for (int run = 0; run < 2; run++) {
      try (MetricsLog log = MetricsLog.create(file)) {
        log.append(metrics(1, 2.5, null));
      }
    }
    assertEquals(1, Files.readAllLines(file).size());
  }

  @Test
  void aFullDiskIsSaid() throws IOException {
    Path file = directory.resolve("metrics.jsonl");
    try (FullChannel channel =
            new FullChannel(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        MetricsLog log = MetricsLog.over(file, channel)) {
      log.append(metrics(1, 2.5, null));
      channel.fill(20);
      String message =
          String.valueOf(
              assertThrows(IOException.class, () -> log.append(metrics(2, 2.0, null)))
                  .getMessage());
      assertTrue(message.startsWith("'" + file + "': expected to write "), message);
      assertTrue(message.contains("No space left"), message);
      assertEquals(1, Files.readAllLines(file).size());
      assertTrue(Files.readString(file).endsWith("}\n"));
      channel.fill(Integer.MAX_VALUE);
      log.append(metrics(3, 1.5, null));
      assertEquals(2, Files.readAllLines(file).size());
    }
  }
}
