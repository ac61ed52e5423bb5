package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.Optimizers;
import dev.hlotune.hlo.optim.PerWeight;
import dev.hlotune.hlo.optim.ScaleByAdam;
import dev.hlotune.hlo.optim.ScaleByFactoredRms;
import dev.hlotune.hlo.optim.ScaleByLion;
import dev.hlotune.hlo.optim.ScaleByMuon;
import dev.hlotune.hlo.optim.WeightGroups;
import dev.hlotune.sharding.ShardingPreset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other families, optimizers and ways to train than {@link MeshStepTest} has, on eight devices. */
@Tag("slow")
class MeshVariantsTest {
  private static final WeightGroups GROUPS =
      new WeightGroups(PerWeight.all(1), PerWeight.all(0.01));
  private static final ScaleByAdam ADAM = new ScaleByAdam(0.9, 0.999, 1e-5);

  static List<Arguments> families() {
    List<Arguments> all = new ArrayList<>();
    for (String family : Families.names()) {
      // By turns: what families differ in is in their layers.
      ShardingPreset preset = all.size() % 2 == 0 ? ShardingPreset.FSDP_TP : ShardingPreset.SP;
      all.add(
          Arguments.of(
              preset,
              new MeshSteps.Case(
                  family, MeshSteps.Tuned.FULL, Layering.SCAN, Remat.EVERYTHING, 1)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyEqualsOneDevice(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.check(preset, what);
  }

  static List<Arguments> quantized() {
    List<Arguments> all = new ArrayList<>();
    for (MeshSteps.Tuned tuned : List.of(MeshSteps.Tuned.LORA_INT8, MeshSteps.Tuned.LORA_NF4)) {
      for (String family : List.of("gpt2", "llama")) {
        for (ShardingPreset preset :
            List.of(ShardingPreset.ZERO3, ShardingPreset.FSDP_TP, ShardingPreset.SP)) {
          all.add(
              Arguments.of(
                  preset, new MeshSteps.Case(family, tuned, Layering.SCAN, Remat.NOTHING, 1)));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("quantized")
  void weightsInFewBitsEqualOneDevice(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.check(preset, what);
  }

  static List<Arguments> dropped() {
    List<Arguments> all = new ArrayList<>();
    for (ShardingPreset preset : ShardingPreset.values()) {
      all.add(
          Arguments.of(
              preset,
              new MeshSteps.Case(
                  "gpt2",
                  MeshSteps.Tuned.LORA,
                  Layering.SCAN,
                  Remat.EVERYTHING,
                  2,
                  MeshSteps.adamw(),
                  true,
                  DType.F32)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("dropped")
  void theSameIsDroppedOnEveryMesh(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.check(preset, what);
  }

  static List<Arguments> optimizers() {
    List<Arguments> all = new ArrayList<>();
    for (Optimizer optimizer :
        List.of(
            Optimizers.muon(
                1,
                new ScaleByMuon(
                    new ScaleByMuon.Momentum(0.95, 0.95, 0, true),
                    5,
                    DType.F32,
                    ScaleByMuon.Adjustment.ORIGINAL,
                    _ -> false,
                    DType.F32),
                ADAM,
                GROUPS),
            Optimizers.adafactor(1, new ScaleByFactoredRms(1e-10, -0.8, 1), List.of(), GROUPS),
            Optimizers.sgd(1, 0.9, true, DType.F32, GROUPS))) {
      for (ShardingPreset preset : List.of(ShardingPreset.ZERO1, ShardingPreset.FSDP_TP)) {
        all.add(Arguments.of(preset, llama(optimizer)));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizerEqualsOneDevice(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.check(preset, what);
  }

  /**
   * State whose shape has none of the weights' axes is whole everywhere. What is rounded to eight
   * bits, or to a sign, does not come close to one device's, so it is only run.
   */
  static List<Arguments> rounding() {
    List<Arguments> all = new ArrayList<>();
    for (Optimizer optimizer :
        List.of(
            Optimizers.adamw8bit(1, ADAM, MeshVariantsTest::isMatrix, GROUPS),
            Optimizers.decoupled(1, new ScaleByLion(0.9, 0.99, DType.F32), GROUPS))) {
      for (ShardingPreset preset : List.of(ShardingPreset.ZERO1, ShardingPreset.FSDP_TP)) {
        all.add(Arguments.of(preset, llama(optimizer)));
      }
    }
    return all;
  }

  private static boolean isMatrix(String name, Shape shape) {
    return shape.rank() > 1;
  }

  @ParameterizedTest
  @MethodSource("rounding")
  void optimizersThatRoundTrainToo(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.checkLosses(preset, what);
  }

  /** The bf16 of accelerators: sums over devices are rounded to it too, so losses alone. */
  static List<Arguments> narrow() {
    List<Arguments> all = new ArrayList<>();
    for (MeshSteps.Tuned tuned : List.of(MeshSteps.Tuned.FULL, MeshSteps.Tuned.LORA)) {
      for (ShardingPreset preset : ShardingPreset.values()) {
        all.add(
            Arguments.of(
                preset,
                new MeshSteps.Case(
                    "llama",
                    tuned,
                    Layering.SCAN,
                    Remat.EVERYTHING,
                    2,
                    MeshSteps.adamw(),
                    false,
                    DType.BF16)));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void bfloatsTrainToo(ShardingPreset preset, MeshSteps.Case what) {
    MeshStepTest.checkLosses(preset, what);
  }

  private static MeshSteps.Case llama(Optimizer optimizer) {
    return new MeshSteps.Case(
        "llama",
        MeshSteps.Tuned.FULL,
        Layering.SCAN,
        Remat.NOTHING,
        1,
        optimizer,
        false,
        DType.F32);
  }
}
