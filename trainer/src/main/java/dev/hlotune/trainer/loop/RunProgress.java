package dev.hlotune.trainer.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is: all that the next step depends on beside weights, optimizer state and the
 * recipe. Which examples come next follows from the number of the step, see {@link
 * dev.hlotune.trainer.data.BatchPlan}; so do the learning rate and every random bit.
 *
 * @param step updates done, those left out included
 * @param log what its figures add up to
 * @param best of its evaluations
 * @param evalLoss the last one on held-out data
 * @param evaluatedStep after which update that was; 0 before the first
 */
record RunProgress(
    int step,
    StepLog.State log,
    BestSoFar.State best,
    Optional<Double> evalLoss,
    int evaluatedStep) {
  static final RunProgress NOTHING =
      new RunProgress(0, StepLog.State.NOTHING, BestSoFar.State.NOTHING, Optional.empty(), 0);

  /** As a checkpoint has it. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step);
    json.put("all_steps", log.whole().json());
    json.put("since_last_line", log.window().json());
    json.put("seconds_since_last_line", log.windowSeconds());
    json.put("left_out", log.leftOut().json());
    json.put("seconds", log.seconds());
    json.put("best", best.json());
    @Nullable Double loss = evalLoss.orElse(null);
    json.put("eval_loss", loss);
    json.put("evaluated_step", evaluatedStep);
    return json;
  }

  static RunProgress of(SavedJson json) {
    return new RunProgress(
        json.number("step").intValue(),
        new StepLog.State(
            StepSums.of(json.object("all_steps")),
            StepSums.of(json.object("since_last_line")),
            json.number("seconds_since_last_line").doubleValue(),
            LeftOut.of(json.object("left_out")),
            json.number("seconds").doubleValue()),
        BestSoFar.State.of(json.object("best")),
        json.optional("eval_loss").map(Number::doubleValue),
        json.number("evaluated_step").intValue());
  }
}
