package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.MuonAdjustment;
import dev.hlotune.configs.OptimizerConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.UpdateRule;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.GradientTransformation;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.Optimizers;
import dev.hlotune.hlo.optim.ScaleByAdam;
import dev.hlotune.hlo.optim.ScaleByFactoredRms;
import dev.hlotune.hlo.optim.ScaleByLion;
import dev.hlotune.hlo.optim.ScaleByMuon;
import dev.hlotune.hlo.optim.ScaleByParameterRms;
import dev.hlotune.hlo.optim.ScaleByRelativeStep;
import dev.hlotune.hlo.optim.WeightGroups;
import dev.hlotune.hlo.optim.WeightRole;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The optimizer that a recipe asks for, for the weights of a model.
 *
 * @param optimizer its step
 * @param lines the rule, and what differs from weight to weight, in words
 */
record OptimizerRecipe(Optimizer optimizer, List<String> lines) {
  OptimizerRecipe {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a recipe.
   *
   * @throws dev.hlotune.configs.ConfigException if its groups do not fit the model
   */
  static OptimizerRecipe of(SftConfig config, Tuning tuning, int width) {
    Set<String> inputsFirst = Weights.inputsFirst(tuning.model().parameters());
    return of(config, tuning.trainedShapes(), width, inputsFirst::contains);
  }

  /**
   * As the other.
   *
   * @param weights the trained ones
   * @param inputsFirst the linear layers, by their names in files, that are stored {@code [in,
   *     out]}
   */
  static OptimizerRecipe of(
      SftConfig config, ParamMap<Shape> weights, int width, Predicate<String> inputsFirst) {
    OptimizerConfig own = config.optimizer();
    WeightSettings settings =
        WeightSettings.of(own, config.schedule().learningRate(), weights, width);
    Optimizer optimizer = optimizer(own, settings.groups(), inputsFirst);
    List<String> lines = new ArrayList<>();
    lines.add(
        summary(
            own, weights, optimizer.init(weights).values().stream().mapToLong(Shape::bytes).sum()));
    lines.addAll(settings.lines(config.schedule().highestRate()));
    return new OptimizerRecipe(optimizer, lines);
  }

  private static Optimizer optimizer(
      OptimizerConfig config, WeightGroups groups, Predicate<String> inputsFirst) {
    double norm = config.maxGradNorm();
    DType stored = type(config.stateType());
    return switch (config.rule()) {
      case UpdateRule.AdamW adam -> Optimizers.decoupled(norm, adam(adam, stored), groups);
      case UpdateRule.AdamW8bit(UpdateRule.AdamW adam, int least) ->
          Optimizers.adamw8bit(norm, adam(adam, stored), narrow(least), groups);
      case UpdateRule.Adafactor adafactor ->
          Optimizers.adafactor(
              norm,
              new ScaleByFactoredRms(
                  adafactor.epsilonSquare(), adafactor.decayRate(), adafactor.clipThreshold()),
              scales(adafactor),
              groups);
      case UpdateRule.Lion(double beta1, double beta2) ->
          Optimizers.decoupled(norm, new ScaleByLion(beta1, beta2, stored), groups);
      case UpdateRule.Sgd(double momentum, boolean nesterov) ->
          Optimizers.sgd(norm, momentum, nesterov, stored, groups);
      case UpdateRule.Muon muon ->
          Optimizers.muon(
              norm,
              new ScaleByMuon(
                  new ScaleByMuon.Momentum(
                      muon.momentum(),
                      muon.momentumStart(),
                      muon.momentumWarmupSteps(),
                      muon.nesterov()),
                  muon.iterations(),
                  type(muon.computeType()),
                  adjustment(muon.adjustment()),
                  inputsFirst,
                  stored),
              adam(muon.adam(), stored),
              groups);
    };
  }

  private static ScaleByAdam adam(UpdateRule.AdamW adam, DType stored) {
    return new ScaleByAdam(adam.beta1(), adam.beta2(), adam.epsilon(), stored);
  }

  /** As transformers and bitsandbytes: not embeddings, and not what is small. */
  private static BiPredicate<String, Shape> narrow(int least) {
    return (name, shape) ->
        WeightRole.of(name, shape) != WeightRole.EMBEDDING
            && shape.without(List.of(LayerStack.AXIS)).elements() >= least;
  }

  private static List<GradientTransformation> scales(UpdateRule.Adafactor adafactor) {
    List<GradientTransformation> scales = new ArrayList<>();
    if (adafactor.scaleParameter()) {
      scales.add(new ScaleByParameterRms(adafactor.epsilonScale()));
    }
    if (adafactor.relativeStep()) {
      scales.add(new ScaleByRelativeStep(adafactor.warmupInit()));
    }
    return scales;
  }

  private static ScaleByMuon.Adjustment adjustment(MuonAdjustment adjustment) {
    return switch (adjustment) {
      case ORIGINAL -> ScaleByMuon.Adjustment.ORIGINAL;
      case MATCH_RMS_ADAMW -> ScaleByMuon.Adjustment.MATCH_RMS_ADAMW;
      case SPECTRAL_UNCLAMPED -> ScaleByMuon.Adjustment.SPECTRAL_UNCLAMPED;
    };
  }

  private static DType type(ComputeType type) {
    return switch (type) {
      case FLOAT32 -> DType.F32;
      case BFLOAT16 -> DType.BF16;
      case FLOAT16 -> DType.F16;
    };
  }

  private static String summary(OptimizerConfig config, ParamMap<Shape> weights, long bytes) {
    long elements = weights.values().stream().mapToLong(Shape::elements).sum();
    return String.format(
        Locale.ROOT,
        "%s, state of %.2f bytes for each weight",
        config.kind().spelled(),
        (double) bytes / elements);
  }
}
