package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.DataConfig;
import dev.hlotune.configs.ModelConfig;
import dev.hlotune.configs.ScheduleConfig;
import dev.hlotune.configs.SchedulerArguments;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TokenConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.Layout;
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
import java.util.OptionalDouble;

/** What a recipe's words mean to the rest of the trainer. */
final class Recipes {
  private Recipes() {}

  static DType compute(ModelConfig model) {
    return switch (model.dtype()) {
      case ComputeType.FLOAT32 -> DType.F32;
      case ComputeType.BFLOAT16 -> DType.BF16;
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

  /** The factor of the learning rate by step. */
  static Schedule schedule(ScheduleConfig config, int totalSteps) {
    SchedulerArguments more = config.schedulerArguments();
    int warmup = config.warmup().steps(totalSteps);
    double lowest = config.finalShare().orElse(0.0);
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
