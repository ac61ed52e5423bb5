package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.PlanStatistics;

/**
 * How the examples become batches, packed and one to a row.
 *
 * @param packing whether the recipe packs
 * @param packed how it is, or would be, with packing
 * @param unpacked without
 */
public record BatchFacts(boolean packing, Way packed, Way unpacked) {
  /**
   * One way to make batches.
   *
   * @param ladder the shapes, for training and held-out data together
   * @param plan what an epoch executes
   */
  public record Way(LadderReport ladder, PlanStatistics plan) {}

  /** As the recipe has it. */
  public Way chosen() {
    return packing ? packed : unpacked;
  }
}
