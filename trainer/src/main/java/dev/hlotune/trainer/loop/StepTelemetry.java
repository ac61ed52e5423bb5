package dev.hlotune.trainer.loop;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What training cost and what was left out of it, as a line of metrics.jsonl says it. Rates and
 * shares cover the steps since the last logged one; counts cover the run so far.
 *
 * @param samplesPerSecond examples a second
 * @param supervisedFraction the part of the real tokens that carried loss, between 0 and 1
 * @param dataWaitMs how long the loop stood waiting for a batch, in milliseconds
 * @param skippedSteps updates left out because no token of their batch was supervised
 * @param overflowedSteps updates left out because the gradient had no room in float16 with the
 *     scale that the loss had then
 * @param nonfiniteSteps updates without a finite loss and gradient
 * @param maskedRows rows in which no token was supervised
 * @param deviceMemoryBytes the most device memory in use so far where the device says; else what
 *     the programs were compiled to take at the most
 * @param hostMemoryBytes main memory that the process holds; 0 where the system does not say
 * @param totalFlos floating-point operations so far as {@code transformers} counts them, see {@link
 *     StepFlops#perPosition}
 * @param mfu the model's own operations a second as a share of what the device can do, see {@link
 *     StepFlops}; null where that is not known
 */
public record StepTelemetry(
    double samplesPerSecond,
    double supervisedFraction,
    double dataWaitMs,
    int skippedSteps,
    int overflowedSteps,
    int nonfiniteSteps,
    long maskedRows,
    long deviceMemoryBytes,
    long hostMemoryBytes,
    double totalFlos,
    @Nullable Double mfu) {

  void addTo(Map<String, Object> line) {
    line.put("samples_per_second", samplesPerSecond);
    line.put("supervised_fraction", supervisedFraction);
    line.put("data_wait_ms", dataWaitMs);
    line.put("skipped_steps", skippedSteps);
    line.put("overflowed_steps", overflowedSteps);
    line.put("nonfinite_steps", nonfiniteSteps);
    line.put("masked_rows", maskedRows);
    line.put("device_memory_bytes", deviceMemoryBytes);
    line.put("host_memory_bytes", hostMemoryBytes);
    line.put("total_flos", totalFlos);
    if (mfu != null) {
      line.put("mfu", mfu);
    }
  }
}
