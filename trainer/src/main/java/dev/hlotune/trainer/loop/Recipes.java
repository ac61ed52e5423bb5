package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.DataConfig;
import dev.hlotune.configs.LossType;
import dev.hlotune.configs.ModelConfig;
import dev.hlotune.configs.RegularizationConfig;
import dev.hlotune.configs.ScheduleConfig;
import dev.hlotune.configs.SchedulerArguments;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TokenConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.DataSource;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.OnRewrittenHistory;
import dev.hlotune.trainer.data.Supervision;
import dev.hlotune.trainer.data.TrainOn;
import dev.hlotune.trainer.data.TrainOnEnd;
import dev.hlotune.trainer.data.Truncation;
import dev.hlotune.trainer.data.WantedTokens;
import dev.hlotune.trainer.step.Regularization;
import dev.hlotune.trainer.step.Training;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What a recipe's words mean to the rest of the trainer. */
final class Recipes {
  private Recipes() {}

  static DType compute(ModelConfig model) {
    return switch (model.dtype()) {
      case ComputeType.FLOAT32 -> DType.F32;
      case ComputeType.BFLOAT16 -> DType.BF16;
      case ComputeType.FLOAT16 -> DType.F16;
    };
  }

  static Layout layout(ModelConfig model) {
    Remat remat =
        switch (model.gradientCheckpointing()) {
          case NONE -> Remat.NOTHING;
          case DOTS -> Remat.DOTS;
          case FULL -> Remat.EVERYTHING;
        };
    return new Layout(model.scanLayers() ? Layering.SCAN : Layering.UNROLL, remat);
  }

  /**
   * The optimizer of each stage, by the number of updates before it.
   *
   * @throws dev.hlotune.configs.ConfigException if the recipe's groups do not fit what is trained
   */
  static Map<Integer, OptimizerRecipe> optimizers(SftConfig config, TunedModel tuned) {
    Map<Integer, OptimizerRecipe> optimizers = new TreeMap<>();
    tuned
        .stages()
        .forEach((start, tuning) ->
            optimizers.put(start, OptimizerRecipe.of(config, tuning, tuned.base().width())));
    return optimizers;
  }

  /**
   * What the run trains, by the number of updates before it; stages that it does not come to are
   * left out.
   */
  static NavigableMap<Integer, Training> trainings(
      SftConfig config,
      TunedModel tuned,
      Map<Integer, OptimizerRecipe> optimizers,
      int totalSteps) {
    Regularization regularization = regularization(config.model().regularization(), tuned);
    NavigableMap<Integer, Training> trainings = new TreeMap<>();
    tuned
        .stages()
        .forEach((start, tuning) -> {
          if (start < totalSteps) {
            trainings.put(
                start,
                new Training(
                    tuning,
                    Objects.requireNonNull(optimizers.get(start)).optimizer(),
                    config.batch().gradientAccumulationSteps(),
                    regularization,
                    config.watch().maxNonfiniteSteps() > 0));
          }
        });
    return trainings;
  }

  private static Regularization regularization(RegularizationConfig config, TunedModel tuned) {
    ModelDropout own = ModelDropout.of(tuned.base().json());
    Map<Dropout, Double> dropouts = new EnumMap<>(Dropout.class);
    dropouts.put(Dropout.ATTENTION, config.attentionDropout().orElse(own.attention()));
    dropouts.put(Dropout.RESIDUAL, config.residualDropout().orElse(own.residual()));
    dropouts.put(Dropout.EMBEDDING, config.embeddingDropout().orElse(own.embedding()));
    tuned.adapted().ifPresent(adapted -> dropouts.put(Dropout.LORA, adapted.config().dropout()));
    return new Regularization(
        dropouts,
        config.neftuneAlpha().orElse(0.0),
        config.labelSmoothing(),
        config.zLoss(),
        config.lossType() == LossType.DFT);
  }

  /** The factor of the learning rate by step. */
  static Schedule schedule(ScheduleConfig config, int totalSteps) {
    SchedulerArguments more = config.schedulerArguments();
    int warmup = config.warmup().steps(totalSteps);
    double lowest = config.finalShare().orElse(0.0);
    Schedule schedule = course(config, more, warmup, totalSteps, lowest);
    return more.logWarmup() ? new Schedule.LogWarmup(warmup, schedule) : schedule;
  }

  private static Schedule course(
      ScheduleConfig config, SchedulerArguments more, int warmup, int totalSteps, double lowest) {
    return switch (config.kind()) {
      case CONSTANT -> new Schedule.Constant();
      case CONSTANT_WITH_WARMUP -> new Schedule.ConstantWithWarmup(warmup);
      case LINEAR -> new Schedule.Linear(warmup, totalSteps, lowest);
      case COSINE, COSINE_WITH_MIN_LR ->
          new Schedule.Cosine(warmup, totalSteps, more.cycles().orElse(0.5), lowest);
      case COSINE_WARMUP_WITH_MIN_LR ->
          new Schedule.CosineFromRate(
              warmup,
              totalSteps,
              more.cycles().orElse(0.5),
              lowest,
              more.warmupStart().map(OptionalDouble::of).orElse(OptionalDouble.empty()));
      case COSINE_WITH_RESTARTS ->
          new Schedule.CosineWithRestarts(
              warmup, totalSteps, (int) Math.round(more.cycles().orElse(1.0)));
      case POLYNOMIAL ->
          new Schedule.Polynomial(warmup, totalSteps, more.power().orElse(1.0), lowest);
      case INVERSE_SQRT ->
          new Schedule.InverseSqrt(warmup, more.timescale().orElse(warmup == 0 ? 10_000 : warmup));
      case WARMUP_STABLE_DECAY -> {
        int decay = more.decaySteps().map(steps -> steps.steps(totalSteps)).orElse(0);
        int rest = Math.max(0, totalSteps - warmup - decay);
        yield new Schedule.WarmupStableDecay(
            warmup,
            more.stableSteps().map(steps -> steps.steps(totalSteps)).orElse(rest),
            decay,
            Schedule.Curve.valueOf(more.warmupCurve().name()),
            Schedule.Curve.valueOf(more.decayCurve().name()),
            more.cycles().orElse(0.5),
            lowest);
      }
    };
  }

  static WantedTokens tokens(TokenConfig config) {
    return new WantedTokens(config.additional(), config.bos(), config.eos(), config.pad());
  }

  static DataOptions data(SftConfig config, DataSource source, ChatTemplate template) {
    DataConfig data = config.data();
    return new DataOptions(
        source,
        template,
        new Supervision(
            TrainOn.valueOf(data.trainOnWhat().name()),
            TrainOnEnd.valueOf(data.trainOnEos().name()),
            OnRewrittenHistory.valueOf(data.onRewrittenHistory().name())),
        data.maxLength(),
        Truncation.valueOf(data.truncationMode().name()),
        OnBadRecord.valueOf(data.onBadRecord().name()));
  }
}
