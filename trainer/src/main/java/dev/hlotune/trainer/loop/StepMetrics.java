package dev.hlotune.trainer.loop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one update did, as a line of metrics.jsonl says it; the keys there are the names in snake
 * case, those of transformers and TRL where they have one, and those of {@link StepTelemetry}.
 *
 * @param step updates done, this one included
 * @param epoch passes over the data done, with a fraction
 * @param loss the mean loss of the supervised tokens since the last logged step
 * @param evalLoss the loss on held-out data, where it was measured after this update
 * @param gradNorm the global norm of the gradient before clipping
 * @param learningRate the rate of this update
 * @param numTokens real tokens seen since the start, padding not counted
 * @param supervisedTokens those of them that carried loss
 * @param tokensPerSecond real tokens a second since the last logged step
 * @param paddingFraction the part of all positions that was padding since the last logged step,
 *     between 0 and 1
 * @param stepTimeMs the mean wall-clock time of an update since the last logged step, in
 *     milliseconds
 * @param recompiles programs compiled after the first update; 0 in a correct run
 * @param telemetry what it cost and what was left out
 * @param evaluation what else was measured on held-out data, by its key, see {@link
 *     dev.hlotune.trainer.eval.HeldOutLoss#figures}
 */
public record StepMetrics(
    int step,
    double epoch,
    double loss,
    @Nullable Double evalLoss,
    double gradNorm,
    double learningRate,
    long numTokens,
    long supervisedTokens,
    double tokensPerSecond,
    double paddingFraction,
    double stepTimeMs,
    int recompiles,
    StepTelemetry telemetry,
    Map<String, Double> evaluation) {

  /** Keeps the order of the map. */
  public StepMetrics {
    evaluation = Collections.unmodifiableMap(new LinkedHashMap<>(evaluation));
  }

  /** Keys of figures that are measured, and differ between two runs of the same. */
  public static final Set<String> MEASURED =
      Set.of(
          "tokens_per_second",
          "step_time_ms",
          "recompiles",
          "samples_per_second",
          "data_wait_ms",
          "device_memory_bytes",
          "host_memory_bytes",
          "mfu");

  /** The line of metrics.jsonl, by key and in the order of the file. */
  public Map<String, Object> line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("epoch", epoch);
    line.put("loss", loss);
    if (evalLoss != null) {
      line.put("eval_loss", evalLoss);
    }
    line.putAll(evaluation);
    line.put("grad_norm", gradNorm);
    line.put("learning_rate", learningRate);
    line.put("num_tokens", numTokens);
    line.put("supervised_tokens", supervisedTokens);
    line.put("tokens_per_second", tokensPerSecond);
    line.put("padding_fraction", paddingFraction);
    line.put("step_time_ms", stepTimeMs);
    line.put("recompiles", recompiles);
    telemetry.addTo(line);
    return line;
  }
}
