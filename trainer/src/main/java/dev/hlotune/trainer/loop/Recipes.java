package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.ModelConfig;
import dev.hlotune.configs.OptimizerConfig;
import dev.hlotune.configs.ScheduleConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TruncationMode;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.Truncation;
import dev.hlotune.trainer.source.DataFiles;
import java.nio.file.Path;
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

  static DataOptions data(SftConfig config, Path file) {
    return new DataOptions(
        DataFiles.expand(file.toString()),
        ChatTemplate.named(config.data().chatTemplate().spelled()),
        config.data().textField().orElse(null),
        config.data().maxLength(),
        switch (config.data().truncationMode()) {
          case TruncationMode.KEEP_START -> Truncation.KEEP_START;
          case TruncationMode.DROP -> Truncation.DROP;
        },
        switch (config.data().onBadRecord()) {
          case ERROR -> OnBadRecord.ERROR;
          case SKIP -> OnBadRecord.SKIP;
        });
  }
}
