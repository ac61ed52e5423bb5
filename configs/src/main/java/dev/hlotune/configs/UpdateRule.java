package dev.hlotune.configs;

/** An update rule with its settings. */
public sealed interface UpdateRule {
  /**
   * Adam's direction.
   *
   * @param beta1 decay rate of the mean gradient
   * @param beta2 decay rate of the mean squared gradient
   * @param epsilon the term against division by zero
   */
  record AdamW(double beta1, double beta2, double epsilon) implements UpdateRule {}

  /**
   * Adam with moments of eight bits.
   *
   * @param adam decay rates and epsilon
   * @param minimumElements a weight with fewer keeps its moments in 32 bits
   */
  record AdamW8bit(AdamW adam, int minimumElements) implements UpdateRule {}

  /**
   * Adafactor.
   *
   * @param scaleParameter whether a step is relative to the size of its weight
   * @param relativeStep whether the rate is Adafactor's own
   * @param warmupInit whether that rate rises from nothing
   * @param clipThreshold the largest root mean square of a direction
   * @param decayRate exponent of the step in the decay rate of squares; below 0
   * @param epsilonSquare added to squared gradients
   * @param epsilonScale the least size of a weight that {@code scaleParameter} takes
   */
  record Adafactor(
      boolean scaleParameter,
      boolean relativeStep,
      boolean warmupInit,
      double clipThreshold,
      double decayRate,
      double epsilonSquare,
      double epsilonScale)
      implements UpdateRule {}

  /**
   * Lion.
   *
   * @param beta1 the mean's part of the direction
   * @param beta2 decay rate of the mean gradient
   */
  record Lion(double beta1, double beta2) implements UpdateRule {}

  /**
   * Gradient descent.
   *
   * @param momentum 0 for none
   * @param nesterov whether the momentum looks ahead
   */
  record Sgd(double momentum, boolean nesterov) implements UpdateRule {}

  /**
   * Muon, with AdamW beside it.
   *
   * @param adam for embeddings, head and vectors
   * @param momentum of the mean gradient
   * @param momentumStart what the momentum begins with
   * @param momentumWarmupSteps over which it goes from there to {@code momentum}; 0 for none
   * @param nesterov whether the mean looks ahead
   * @param iterations of Newton and Schulz
   * @param computeType the type of their products
   * @param adjustment what a matrix's shape makes of the rate
   * @param matrixDecay decoupled decay of the matrices
   */
  record Muon(
      AdamW adam,
      double momentum,
      double momentumStart,
      int momentumWarmupSteps,
      boolean nesterov,
      int iterations,
      ComputeType computeType,
      MuonAdjustment adjustment,
      double matrixDecay)
      implements UpdateRule {}
}
