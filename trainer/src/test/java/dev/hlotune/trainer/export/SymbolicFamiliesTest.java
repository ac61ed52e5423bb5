package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.generate.ServingPrograms;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.Regularization;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs of every family are the same for all sizes, but for their sizes: also where rows are
 * longer than windows, than the blocks of attention, and than texts whose angles are stretched.
 */
class SymbolicFamiliesTest {
  private static final int NEW = 4;
  private static final Symbol BATCH = new Symbol("batch", 1, 6);
  private static final Symbol SEQ = new Symbol("seq", 1, 600);
  private static final Symbol SLOT = new Symbol("slot", 1 + NEW, 600 + NEW);

  /** Layers of one model one by one, those of the next as a loop. */
  static Stream<Arguments> models() {
    List<String> names = Fixtures.modelNames();
    return IntStream.range(0, names.size())
        .mapToObj(i -> Arguments.of(names.get(i), i % 2 == 0 ? Layering.UNROLL : Layering.SCAN));
  }

  private static Bucket bucket(Sizes sizes) {
    return new Bucket(sizes.get("batch"), sizes.get("seq"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void areForAllSizes(String name, Layering layering) throws IOException {
    Tuning tuning = tuning(name, layering);
    Optimizer adam =
        Optimizer.adamw(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.01, 1), DecayMask::decays);
    Training training = new Training(tuning, adam, 2, Regularization.NONE, false);
    SymbolicProgram.of(List.of(BATCH, SEQ), sizes -> TrainProgram.of(training, bucket(sizes)));
    SymbolicProgram evaluation =
        SymbolicProgram.of(List.of(BATCH, SEQ), sizes -> LogProbsProgram.of(tuning, bucket(sizes)));
    assertEquals(
        List.of(SizePolynomial.of("batch"), SizePolynomial.of("seq")),
        evaluation.outputs().getFirst());
    assertFalse(
        SymbolicProgram.withSizes(evaluation.text(), Sizes.NONE.with("batch", 1).with("seq", 1))
            .contains("?"));
    SymbolicProgram prefill =
        SymbolicProgram.of(
            List.of(BATCH, SEQ), sizes -> serving(tuning, sizes.get("seq") + NEW, sizes).prefill());
    assertEquals(
        SizePolynomial.parse("seq + " + NEW), prefill.outputs().getFirst().get(2), "cache");
    SymbolicProgram.of(
        List.of(BATCH, SLOT), sizes -> serving(tuning, sizes.get("slot"), sizes).decode());
  }

  private static Tuning tuning(String name, Layering layering) throws IOException {
    CausalModel model =
        Families.of(
            new ModelConfig(Fixtures.model(name).config()), new Layout(layering, Remat.NOTHING));
    return Tuning.full(model, DType.F32).ofAnySize();
  }

  private static ServingPrograms serving(Tuning tuning, int slots, Sizes sizes) {
    return ServingPrograms.of(tuning, sizes.get("batch"), slots - NEW, slots);
  }
}
