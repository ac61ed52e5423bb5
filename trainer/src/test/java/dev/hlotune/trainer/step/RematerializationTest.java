package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Bucket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the compiler says of the memory of a step in the shape of GPT-2 small. */
@Tag("slow")
class RematerializationTest {
  private static long peak(Layering layering, Remat remat) {
    Training training =
        new Training(
            Tuning.full(
                Families.of(
                    new ModelConfig(Map.of("model_type", "gpt2")), new Layout(layering, remat)),
                DType.F32),
            TrainProgramTest.adamw(),
            1,
            Regularization.NONE);
    try (DeviceProgram program =
        new ProgramCompiler(TestClient.mesh(), CompileOptions.singleDevice(), Optional.empty())
            .compile(TrainProgram.of(training, new Bucket(8, 1024)))) {
      return program.memory().total();
    }
  }

  /** Unrolled, the compiler for CPUs computes once what was to be computed again. */
  @Test
  void computingAgainTakesAThirdOfTheMemory() {
    long unrolled = peak(Layering.UNROLL, Remat.NOTHING);
    long whole = peak(Layering.SCAN, Remat.NOTHING);
    long dots = peak(Layering.SCAN, Remat.DOTS);
    long least = peak(Layering.SCAN, Remat.EVERYTHING);
    assertTrue(dots < whole, dots + " of " + whole);
    assertTrue(Math.min(unrolled, whole) >= 3 * least, least + " of " + whole);
  }
}
