package dev.hlotune.configs;

import java.util.Optional;

/**
 * When and how the model is measured on held-out data.
 *
 * @param strategy when the loss is measured
 * @param evalSteps updates between two measurements, under {@link EvaluationStrategy#STEPS}
 * @param maxSamples the most held-out examples that are measured; empty is all
 * @param generateSamples held-out questions answered greedily; 0 is none
 * @param generateStrategy when they are
 * @param maxNewTokens the longest answer, in tokens
 */
public record EvaluationConfig(
    EvaluationStrategy strategy,
    Interval evalSteps,
    Optional<Integer> maxSamples,
    int generateSamples,
    GenerateStrategy generateStrategy,
    int maxNewTokens) {

  public EvaluationConfig {
    new Checks()
        .within(RunKeys.EVAL_STEPS, evalSteps)
        .within(RunKeys.MAX_EVAL_SAMPLES, maxSamples)
        .within(RunKeys.EVAL_GENERATE_SAMPLES, generateSamples)
        .within(RunKeys.MAX_NEW_TOKENS, maxNewTokens)
        .done();
  }

  static EvaluationConfig of(Settings settings) {
    boolean heldOut = DataConfig.holdsOut(settings);
    boolean every = settings.find(RunKeys.EVAL_STEPS).isPresent();
    EvaluationStrategy unsaid =
        every
            ? EvaluationStrategy.STEPS
            : heldOut ? EvaluationStrategy.EPOCH : EvaluationStrategy.NO;
    return new EvaluationConfig(
        settings.find(RunKeys.EVAL_STRATEGY).orElse(unsaid),
        settings.find(RunKeys.EVAL_STEPS).orElseGet(() -> settings.get(RunKeys.LOGGING_STEPS)),
        settings.find(RunKeys.MAX_EVAL_SAMPLES),
        settings.get(RunKeys.EVAL_GENERATE_SAMPLES),
        settings.get(RunKeys.EVAL_GENERATE_STRATEGY),
        settings.get(RunKeys.MAX_NEW_TOKENS));
  }

  void addTo(Values values) {
    values
        .put(RunKeys.EVAL_STRATEGY, strategy)
        .put(RunKeys.EVAL_STEPS, evalSteps)
        .put(RunKeys.MAX_EVAL_SAMPLES, maxSamples)
        .put(RunKeys.EVAL_GENERATE_SAMPLES, generateSamples)
        .put(RunKeys.EVAL_GENERATE_STRATEGY, generateStrategy)
        .put(RunKeys.MAX_NEW_TOKENS, maxNewTokens);
  }
}
