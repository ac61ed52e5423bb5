package dev.hlotune.trainer.loop;

import dev.hlotune.configs.CheckpointConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which evaluation was the best, and how many in a row have been no better: as transformers'
 * Trainer and its EarlyStoppingCallback count them.
 */
final class BestSoFar {
  private final CheckpointConfig config;
  private State state;

  /**
   * What is known of it.
   *
   * @param step after which the best evaluation was; 0 before the first
   * @param value of its metric
   * @param notBetter evaluations since that were not better by more than the threshold
   */
  record State(int step, @Nullable Double value, int notBetter) {
    static final State NOTHING = new State(0, null, 0);

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("step", step);
      json.put("value", value);
      json.put("not_better", notBetter);
      return json;
    }

    static State of(SavedJson json) {
      return new State(
          json.number("step").intValue(),
          json.optional("value").map(Number::doubleValue).orElse(null),
          json.number("not_better").intValue());
    }
  }

  BestSoFar(CheckpointConfig config, State state) {
    this.config = config;
    this.state = state;
  }

  /** Takes an evaluation; gives whether it is the best so far. */
  boolean evaluated(int step, double value) {
    Double best = state.value();
    boolean better = best == null || isBetter(value, best);
    boolean counts = best == null || (better && Math.abs(value - best) > config.threshold());
    state =
        new State(
            better ? step : state.step(),
            better ? (Double) value : best,
            counts ? 0 : state.notBetter() + 1);
    return better;
  }

  private boolean isBetter(double value, double than) {
    return config.greaterIsBetter() ? value > than : value < than;
  }

  /** Whether so many evaluations were no better that the run is to end. */
  boolean isEnough() {
    return config.patience().filter(patience -> state.notBetter() >= patience).isPresent();
  }

  State state() {
    return state;
  }

  /** After which update the best evaluation was, where there was one. */
  Optional<Integer> step() {
    return state.value() == null ? Optional.empty() : Optional.of(state.step());
  }
}
