package dev.hlotune.trainer.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of the benchmark measured.
 *
 * @param stepMs milliseconds of a train step, median
 * @param stepMsBest the fastest
 * @param matmulGflops rate of a product of two square f32 matrices, in 10^9 operations a second
 * @param stepGflops rate of the step
 * @param compileColdMs milliseconds to compile the step
 * @param compileCachedMs milliseconds to load it from the cache
 * @param peakBytes arguments, results and temporaries of the step, donated state once
 * @param stateBytes weights and optimizer state
 * @param gradientBytes the gradients of all weights
 * @param temporaryBytes what the compiler reports as temporary
 * @param hostOverheadUs microseconds of a step of the same buffers that computes nothing
 * @param dataTokensPerSecond tokens rendered, encoded, masked and packed a second
 * @param dataOverhead what rendering, masking and packing add to encoding alone, as a fraction
 * @param dataOpenMs milliseconds to open prepared data again
 * @param dataReadTokensPerSecond tokens of prepared data read a second
 */
public record BenchResult(
    double stepMs,
    double stepMsBest,
    double matmulGflops,
    double stepGflops,
    double compileColdMs,
    double compileCachedMs,
    long peakBytes,
    long stateBytes,
    long gradientBytes,
    long temporaryBytes,
    double hostOverheadUs,
    double dataTokensPerSecond,
    double dataOverhead,
    double dataOpenMs,
    double dataReadTokensPerSecond) {

  /** By the names of the JSON output. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step_ms", stepMs);
    fields.put("step_ms_best", stepMsBest);
    fields.put("matmul_gflops", matmulGflops);
    fields.put("step_gflops", stepGflops);
    fields.put("fraction_of_matmul", stepGflops / matmulGflops);
    fields.put("compile_cold_ms", compileColdMs);
    fields.put("compile_cached_ms", compileCachedMs);
    fields.put("peak_bytes", peakBytes);
    fields.put("state_bytes", stateBytes);
    fields.put("gradient_bytes", gradientBytes);
    fields.put("temporary_bytes", temporaryBytes);
    fields.put("host_overhead_us", hostOverheadUs);
    fields.put("data_tokens_per_second", dataTokensPerSecond);
    fields.put("data_overhead", dataOverhead);
    fields.put("data_open_ms", dataOpenMs);
    fields.put("data_read_tokens_per_second", dataReadTokensPerSecond);
    return fields;
  }
}
