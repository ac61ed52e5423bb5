package dev.hlotune.configs;

/**
 * The update rule.
 *
 * @param kind which rule
 * @param beta1 AdamW's decay rate of the mean gradient
 * @param beta2 AdamW's decay rate of the mean squared gradient
 * @param epsilon AdamW's term against division by zero
 * @param momentum SGD's momentum
 * @param weightDecay decoupled weight decay of matrices
 * @param maxGradNorm the global norm gradients are clipped to; 0 is no clipping
 */
public record OptimizerConfig(
    OptimizerKind kind,
    double beta1,
    double beta2,
    double epsilon,
    double momentum,
    double weightDecay,
    double maxGradNorm) {

  public OptimizerConfig {
    new Checks()
        .within(OptimizerKeys.BETA1, beta1)
        .within(OptimizerKeys.BETA2, beta2)
        .within(OptimizerKeys.EPSILON, epsilon)
        .within(OptimizerKeys.MOMENTUM, momentum)
        .within(OptimizerKeys.WEIGHT_DECAY, weightDecay)
        .within(OptimizerKeys.MAX_GRAD_NORM, maxGradNorm)
        .require(
            kind == OptimizerKind.SGD || momentum == 0,
            "'momentum': expected 0 beside 'optim' '" + kind.spelled() + "', got " + momentum,
            OptimizerKeys.MOMENTUM,
            OptimizerKeys.OPTIMIZER)
        .require(
            kind == OptimizerKind.ADAMW || weightDecay == 0,
            "'weight_decay': expected 0 beside 'optim' '"
                + kind.spelled()
                + "', which has none, got "
                + weightDecay,
            OptimizerKeys.WEIGHT_DECAY,
            OptimizerKeys.OPTIMIZER)
        .done();
  }

  static OptimizerConfig of(Settings settings) {
    return new OptimizerConfig(
        settings.get(OptimizerKeys.OPTIMIZER),
        settings.get(OptimizerKeys.BETA1),
        settings.get(OptimizerKeys.BETA2),
        settings.get(OptimizerKeys.EPSILON),
        settings.get(OptimizerKeys.MOMENTUM),
        settings.get(OptimizerKeys.WEIGHT_DECAY),
        settings.get(OptimizerKeys.MAX_GRAD_NORM));
  }

  void addTo(Values values) {
    values
        .put(OptimizerKeys.OPTIMIZER, kind)
        .put(OptimizerKeys.BETA1, beta1)
        .put(OptimizerKeys.BETA2, beta2)
        .put(OptimizerKeys.EPSILON, epsilon)
        .put(OptimizerKeys.MOMENTUM, momentum)
        .put(OptimizerKeys.WEIGHT_DECAY, weightDecay)
        .put(OptimizerKeys.MAX_GRAD_NORM, maxGradNorm);
  }

  /** Whether gradients are clipped. */
  public boolean clips() {
    return maxGradNorm > 0;
  }
}
