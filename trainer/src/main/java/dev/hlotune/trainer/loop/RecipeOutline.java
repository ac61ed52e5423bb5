package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a run of a recipe would do on some devices, known before any of them is there.
 *
 * @param programs all that it compiles
 * @param weights how many numbers the model has, adapters included
 * @param trained how many of them are trained in the end
 * @param flops what its tokens need
 */
public record RecipeOutline(RecipePrograms programs, long weights, long trained, StepFlops flops) {

  /**
   * Opens a recipe; of the model its configuration alone is needed, as of {@link
   * RecipePrograms#open}.
   *
   * @param config for a number of devices, as {@link SftConfig#on} gives it
   * @param rules of these devices
   * @param stop set by another thread to give up
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if asked to stop meanwhile
   */
  public static RecipeOutline open(
      SftConfig config, ShardingRules rules, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    try (RecipeInputs inputs = RecipeInputs.describe(config, observer, stop)) {
      TunedModel tuned = inputs.tuned().on(rules.spread());
      ParamMap<ParameterSpec> weights = tuned.tuning().parameters();
      return new RecipeOutline(
          RecipePrograms.of(new RecipeInputs(inputs.config(), tuned, inputs.data())),
          elements(tuned.base().model().parameters())
              + tuned.adapted().map(AdaptedModel::trainedParameters).orElse(0L),
          elements(weights.subset((name, _) -> tuned.tuning().masters().contains(name))),
          StepFlops.of(tuned));
    }
  }

  private static long elements(ParamMap<ParameterSpec> weights) {
    return weights.values().stream().mapToLong(spec -> spec.shape().elements()).sum();
  }

  /** Floating-point operations that an update by so many batches of a shape needs. */
  public double needed(Bucket bucket, int microBatches) {
    return (double) microBatches * bucket.tokens() * (flops.perToken() + flops.perSupervised());
  }
}
