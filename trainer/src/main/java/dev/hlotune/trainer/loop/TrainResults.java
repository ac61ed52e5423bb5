package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run came to, as {@code transformers} ends one: the file {@code train_results.json}.
 *
 * @param epoch passes over the data done, with a fraction
 * @param totalFlos operations as {@link StepTelemetry#totalFlos} counts them
 * @param trainLoss the mean loss of all supervised tokens
 * @param runtime seconds from the first update to the last, evaluation included
 * @param samples examples trained on, as often as they were
 * @param steps updates done
 */
public record TrainResults(
    double epoch, double totalFlos, double trainLoss, double runtime, long samples, int steps) {

  /** Of a run without an update. */
  static final TrainResults NONE = new TrainResults(0, 0, 0, 0, 0, 0);

  public double samplesPerSecond() {
    return runtime > 0 ? samples / runtime : 0;
  }

  public double stepsPerSecond() {
    return runtime > 0 ? steps / runtime : 0;
  }

  /** By the keys of {@code transformers}, in the order and with the digits that it writes. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("epoch", epoch);
    values.put("total_flos", totalFlos);
    values.put("train_loss", trainLoss);
    values.put("train_runtime", rounded(runtime, 4));
    values.put("train_samples_per_second", rounded(samplesPerSecond(), 3));
    values.put("train_steps_per_second", rounded(stepsPerSecond(), 3));
    return values;
  }

  private static double rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  void write(Path directory) throws IOException {
    AtomicFile.write(directory.resolve("train_results.json"), JsonFile.print(values()));
  }
}
