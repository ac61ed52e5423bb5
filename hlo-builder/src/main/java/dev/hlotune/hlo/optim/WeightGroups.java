package dev.hlotune.hlo.optim;

/**
 * What differs from weight to weight.
 *
 * @param rate the weight's learning rate as a part of the run's
 * @param decay the weight's decay
 */
public record WeightGroups(PerWeight rate, PerWeight decay) {
  /** One rate for all, and no decay. */
  public static WeightGroups none() {
    return new WeightGroups(PerWeight.all(1), PerWeight.all(0));
  }
}
