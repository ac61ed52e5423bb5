package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Flops;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.adapter.AdapterBias;
import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.adapter.TargetModules;
import dev.hlotune.trainer.data.Bucket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What training only adapters leaves out of the step, counted in its graph. */
class CostTest {
  private static final Bucket BUCKET = new Bucket(8, 1024);
  private static final int VOCABULARY = 50257;

  /** Rounds of the loop over positions where all of them are supervised. */
  private static final long CHUNKS = 8L * 1024 / 256;

  private static CausalModel gpt2Small() {
    return Families.of(
        new ModelConfig(Map.of("model_type", "gpt2")), new Layout(Layering.SCAN, Remat.NOTHING));
  }

  private static AdaptedModel adapted() {
    return AdaptedModel.of(
        gpt2Small(),
        new AdapterConfig(
            Optional.empty(),
            Optional.empty(),
            16,
            32,
            0,
            new TargetModules.Names(List.of("c_attn", "c_proj")),
            List.of(),
            false,
            false,
            AdapterBias.NONE),
        16);
  }

  private static Training training(Tuning tuning) {
    return new Training(tuning, TrainProgramTest.adamw(), 1, Regularization.NONE);
  }

  private static long flops(Tuning tuning) {
    return Flops.of(TrainProgram.of(training(tuning), BUCKET), CHUNKS);
  }

  @Test
  void countsWhatAModelIsKnownToTake() {
    long tokens = 8L * 1024;
    // 6 for each weight of a matrix and token, the head among them, and attention's products: two
    // forward, five backward (one of which gives the probabilities' gradient), half of them masked
    // but for the blocks on the diagonal: 4 blocks compute 5/8.
    long matrices = 12L * 12 * 768 * 768 + 768L * VOCABULARY;
    double attention = 12 * 2.0 * (2 + 4) * 8 * 1024 * 1024 * 768 * 5 / 8;
    assertEquals(
        6.0 * tokens * matrices + attention,
        (double) flops(Tuning.full(gpt2Small(), DType.F32)),
        0.01 * 6 * tokens * matrices);
  }

  @Test
  void adaptersTakeAtMost072OfTheWholeStep() {
    double ratio =
        (double) flops(adapted().tuning(DType.F32)) / flops(Tuning.full(gpt2Small(), DType.F32));
    assertTrue(ratio <= 0.72, "ratio " + ratio);
    assertTrue(ratio > 0.6, "ratio " + ratio);
  }

  @Test
  void frozenWeightsHaveNoStateAndNoGradient() {
    AdaptedModel adapted = adapted();
    Training training = training(adapted.tuning(DType.BF16));
    long trained = adapted.trainedParameters();
    assertEquals(1_622_016, trained);
    long state = TrainProgram.state(training).values().stream().mapToLong(Shape::elements).sum();
    assertEquals(2 * trained + 1, state);
    long outputs =
        TrainProgram.of(training, BUCKET).outputs().stream()
            .mapToLong(output -> output.shape().elements())
            .sum();
    assertEquals(trained + state + 3, outputs);
    long held =
        training.tuning().parameters().values().stream()
            .mapToLong(spec -> spec.shape().bytes())
            .sum();
    assertEquals(2L * 124_439_808 + 4 * trained + 4, held);
  }

  @Test
  void saysWhatPeftSays() {
    assertEquals(
        "trainable params: 1,622,016 || all params: 126,061,824 || trainable%: 1.2867",
        adapted().line());
  }
}
