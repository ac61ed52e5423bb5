package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The optimizers, as chains of stages: first clipping to a global norm, last the learning rate. A
 * {@code maxGradNorm} of 0 is no clipping; the norm is logged all the same.
 */
public final class Optimizers {
  private Optimizers() {}

  /**
   * A direction, and decay that does not pass through it: AdamW with {@link ScaleByAdam}, Lion with
   * {@link ScaleByLion}.
   */
  public static Optimizer decoupled(
      double maxGradNorm, GradientTransformation direction, WeightGroups groups) {
    return chain(maxGradNorm, List.of(direction, new AddDecayedWeights(groups.decay())), groups);
  }

  /**
   * AdamW whose moments are kept in eight bits for the weights that {@code narrow} chooses.
   *
   * @param adam for the weights, and for the rest, whose moments are as it says
   */
  public static Optimizer adamw8bit(
      double maxGradNorm,
      ScaleByAdam adam,
      BiPredicate<String, Shape> narrow,
      WeightGroups groups) {
    return decoupled(maxGradNorm, new Partition(narrow, new ScaleByAdam8bit(adam), adam), groups);
  }

  /** Muon for the matrices within blocks, AdamW for embeddings, the head and vectors. */
  public static Optimizer muon(
      double maxGradNorm, ScaleByMuon muon, ScaleByAdam adam, WeightGroups groups) {
    return decoupled(
        maxGradNorm,
        new Partition((name, shape) -> WeightRole.of(name, shape) == WeightRole.MATRIX, muon, adam),
        groups);
  }

  /**
   * Gradient descent as {@code torch.optim.SGD}: decay is part of the gradient and passes through
   * the momentum.
   *
   * @param momentum 0 for none, which keeps no state
   * @param stored the type in which the momentum is kept
   */
  public static Optimizer sgd(
      double maxGradNorm, double momentum, boolean nesterov, DType stored, WeightGroups groups) {
    List<GradientTransformation> stages = new ArrayList<>();
    stages.add(new AddDecayedWeights(groups.decay()));
    if (momentum != 0) {
      stages.add(new Trace(momentum, nesterov, stored));
    }
    return chain(maxGradNorm, stages, groups);
  }

  /**
   * Adafactor as {@code transformers.optimization.Adafactor}; whatever scales its rate scales its
   * decay too.
   *
   * @param scales what is made of the rate: {@link ScaleByParameterRms}, {@link
   *     ScaleByRelativeStep}
   */
  public static Optimizer adafactor(
      double maxGradNorm,
      ScaleByFactoredRms direction,
      List<GradientTransformation> scales,
      WeightGroups groups) {
    List<GradientTransformation> stages = new ArrayList<>();
    stages.add(direction);
    stages.add(new AddDecayedWeights(groups.decay()));
    stages.addAll(scales);
    return chain(maxGradNorm, stages, groups);
  }

  private static Optimizer chain(
      double maxGradNorm, List<GradientTransformation> stages, WeightGroups groups) {
    List<GradientTransformation> all = new ArrayList<>();
    all.add(maxGradNorm == 0 ? ClipByGlobalNorm.measured() : new ClipByGlobalNorm(maxGradNorm));
    all.addAll(stages);
    all.add(new ScaleByLearningRate(groups.rate()));
    return new Optimizer(new Chain(all));
  }
}
