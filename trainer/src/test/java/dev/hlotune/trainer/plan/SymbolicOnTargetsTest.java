package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is printed for all sizes is compiled for devices that are not here, once sizes are known.
 */
@Tag("slow")
final class SymbolicOnTargetsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tpu:v5e:1x1", "cuda:h100"})
  void compiles(String text) throws IOException {
    Target target = Target.of(text);
    assumeTrue(
        PluginRegistry.ofEnvironment(true).locate(target.plugin()).isPresent(),
        "the plugin is not installed");
    SftConfig config =
        SftRecipe.readPlanned(
                List.of(
                    "--model_name_or_path",
                    new TinyRun(folder).model("llama", TinyRun.LLAMA).toString(),
                    "--max_length",
                    "16"))
            .config();
    PlannedRecipe recipe =
        PlannedRecipe.open(config, target, Optional.of(1), false, _ -> {}, new AtomicBoolean());
    Training own = recipe.programs().trainings().firstEntry().getValue();
    Training training =
        new Training(
            own.tuning().ofAnySize(),
            own.optimizer(),
            own.microBatches(),
            own.regularization(),
            own.guarded());
    Function<Sizes, Program> step =
        sizes -> TrainProgram.of(training, new Bucket(sizes.get("batch"), sizes.get("seq")));
    String symbolic =
        SymbolicProgram.of(List.of(new Symbol("batch", 1, 8), new Symbol("seq", 1, 16)), step)
            .text();
    try (TargetCompiler compiler =
        TargetCompiler.open(target, 1, config, _ -> {}, new AtomicBoolean())) {
      Sizes sizes = Sizes.NONE.with("batch", 3).with("seq", 7);
      TargetCompiler.Attempt<Long> attempt =
          compiler.compile(
              SymbolicProgram.withSizes(symbolic, sizes),
              executable -> executable.memory().total());
      assertTrue(attempt.result().orElse(0L) > 0, () -> "" + attempt);
    }
  }
}
