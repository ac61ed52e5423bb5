package dev.hlotune.trainer.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as runs leave them. */
final class WrittenRun {
  private WrittenRun() {}

  static Path write(Path directory, String learningRate, String... metrics) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("run.json"),
        """
        {"versions": {"hlotune": "0.1.0", "java": "25"},
         "config": {"learning_rate": %s, "packing": true, "dataset_name": "<b>train</b>.jsonl",
                    "output_dir": "%s"},
         "hashes": {"data": "aa", "stablehlo/4x16": "bb"},
         "device": {"platform": "cpu"}}
        """
            .formatted(learningRate, directory.getFileName()));
    Files.writeString(directory.resolve("metrics.jsonl"), String.join("\n", metrics) + "\n");
    return directory;
  }

  static String line(int step, double loss) {
    return "{\"step\":%d,\"epoch\":%s,\"loss\":%s,\"grad_norm\":1.5,\"learning_rate\":1e-3,\"num_tokens\":%d,\"tokens_per_second\":500.0,\"step_time_ms\":100.0,\"device_memory_bytes\":1048576}"
        .formatted(step, step / 10.0, loss, 100 * step);
  }

  static String line(int step, double loss, double held) {
    String line = line(step, loss);
    return line.substring(0, line.length() - 1) + ",\"eval_loss\":" + held + "}";
  }
}
