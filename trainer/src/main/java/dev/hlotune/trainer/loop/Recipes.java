package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.DataConfig;
import dev.hlotune.configs.ModelConfig;
import dev.hlotune.configs.OptimizerConfig;
import dev.hlotune.configs.ScheduleConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TokenConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
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
import java.util.Locale;

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

  static Optimizer optimizer(OptimizerConfig config) {
    return switch (config.kind()) {
      case ADAMW ->
          Optimizer.adamw(
              new Optimizer.AdamW(
                  config.beta1(),
                  config.beta2(),
                  config.epsilon(),
                  config.weightDecay(),
                  config.maxGradNorm()),
              DecayMask::decays);
      case SGD -> Optimizer.sgd(config.momentum(), false, config.maxGradNorm());
    };
  }

  /** The factor of the learning rate by step. */
  static Schedule schedule(ScheduleConfig config, int totalSteps) {
    double lowest =
        config
            .minLearningRate()
            .map(rate -> rate / config.learningRate())
            .or(config::minLearningRateShare)
            .orElse(0.0);
    return Schedule.named(
        config.kind().spelled().toLowerCase(Locale.ROOT),
        config.warmup().steps(totalSteps),
        totalSteps,
        lowest);
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
