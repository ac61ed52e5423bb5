package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What steps add up to.
 *
 * @param lossSum Σ w·loss
 * @param weightSum Σ w
 * @param tokens real ones
 * @param supervised those of them that carried loss
 * @param examples how many
 * @param maskedRows rows in which no token carried loss
 * @param padding positions without a token
 * @param positions all
 * @param steps how many steps
 */
record StepSums(
    double lossSum,
    double weightSum,
    long tokens,
    long supervised,
    long examples,
    long maskedRows,
    long padding,
    long positions,
    int steps) {
  static final StepSums NONE = new StepSums(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** With one more. */
  StepSums plus(double loss, double weight, Batch batch) {
    BatchCounts counts = batch.counts();
    return new StepSums(
        lossSum + loss,
        weightSum + weight,
        tokens + counts.tokens(),
        supervised + counts.supervised(),
        examples + counts.examples(),
        maskedRows + counts.maskedRows(),
        padding + counts.padding(),
        positions + (long) batch.microBatches() * batch.bucket().tokens(),
        steps + 1);
  }

  /** The mean loss of the supervised tokens. */
  double loss() {
    return weightSum == 0 ? 0 : lossSum / weightSum;
  }

  /** As a checkpoint has them. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("loss_sum", lossSum);
    json.put("weight_sum", weightSum);
    json.put("tokens", tokens);
    json.put("supervised_tokens", supervised);
    json.put("examples", examples);
    json.put("masked_rows", maskedRows);
    json.put("padding", padding);
    json.put("positions", positions);
    json.put("steps", steps);
    return json;
  }

  static StepSums of(SavedJson json) {
    return new StepSums(
        json.number("loss_sum").doubleValue(),
        json.number("weight_sum").doubleValue(),
        json.number("tokens").longValue(),
        json.number("supervised_tokens").longValue(),
        json.number("examples").longValue(),
        json.number("masked_rows").longValue(),
        json.number("padding").longValue(),
        json.number("positions").longValue(),
        json.number("steps").intValue());
  }
}
