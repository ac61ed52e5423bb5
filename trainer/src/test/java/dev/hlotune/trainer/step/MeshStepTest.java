package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.sharding.ShardedProgram;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten steps on eight devices give what ten steps on one give, and with what it takes. */
class MeshStepTest {
  private static final int DEVICES = 8;
  private static final int STEPS = 10;

  /**
   * Of the loss, which is about 4: sums of at most 128 terms in another order, f32.
   *
   * <p>The worst seen, with three layers half as wide, is 1.0e-6.
   */
  private static final double LOSS_TOLERANCE = 4e-6;

  /**
   * Of how far a weight has moved, by the norm of the whole. A sum of n terms of f32 in another
   * order is off by some ε·√n = 7e-7 of their sizes; gradients are sums of terms that partly
   * cancel, through two layers forward and back, and what they are off by adds up over the steps.
   * Adam divides by the size of the gradient, so that small ones count as much as large ones.
   *
   * <p>The worst seen, with three layers half as wide, is 1.5e-5.
   */
  private static final double TOLERANCE = 6e-5;

  private static final Map<MeshSteps.Case, MeshSteps.Result> ONE = new HashMap<>();

  @AfterAll
  static void forget() {
    ONE.clear();
  }

  /** Every preset once, and each family, way to write layers and number of micro-batches. */
  @ParameterizedTest
  @CsvSource({
    "DDP, llama, FULL, SCAN, 1",
    "ZERO1, llama, LORA, UNROLL, 2",
    "ZERO2, gpt2, FULL, SCAN, 2",
    "ZERO3, llama, FULL, SCAN, 1",
    "TP, llama, FULL, SCAN, 1",
    "FSDP_TP, gpt2, FULL, SCAN, 2",
    "SP, llama, LORA, UNROLL, 2"
  })
  void equalsOneDevice(
      ShardingPreset preset,
      String family,
      MeshSteps.Tuned tuned,
      Layering layering,
      int microBatches) {
    checkAll(preset, new MeshSteps.Case(family, tuned, layering, Remat.NOTHING, microBatches));
  }

  /** By turns layers as a loop with one micro-batch, and one by one with two. */
  static List<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (String family : List.of("gpt2", "llama")) {
      for (MeshSteps.Tuned tuned : List.of(MeshSteps.Tuned.FULL, MeshSteps.Tuned.LORA)) {
        for (ShardingPreset preset : ShardingPreset.values()) {
          boolean looped = all.size() % 2 == 0;
          all.add(
              Arguments.of(
                  preset,
                  looped
                      ? new MeshSteps.Case(family, tuned, Layering.SCAN, Remat.DOTS, 1)
                      : new MeshSteps.Case(family, tuned, Layering.UNROLL, Remat.EVERYTHING, 2)));
        }
      }
    }
    return all;
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("everything")
  void equalsOneDeviceWhateverItIs(ShardingPreset preset, MeshSteps.Case what) {
    checkAll(preset, what);
  }

  /** The losses alone, to a hundredth. */
  static void checkLosses(ShardingPreset preset, MeshSteps.Case what) {
    MeshSteps.Result one = onOneDevice(what);
    try (Client client = TestClient.plugin().cpuClient(DEVICES);
        ShardedProgram program =
            MeshSteps.compile(client, what, preset.on(MeshSteps.mesh(preset, DEVICES)))) {
      MeshSteps.Result many = MeshSteps.run(program, what, STEPS);
      for (int step = 0; step < STEPS; step++) {
        assertEquals(one.losses().get(step), many.losses().get(step), 1e-2, "step " + step);
      }
    }
  }

  static void check(ShardingPreset preset, MeshSteps.Case what) {
    check(preset, what, _ -> {});
  }

  /** And what devices tell one another on the way. */
  private static void checkAll(ShardingPreset preset, MeshSteps.Case what) {
    check(
        preset,
        what,
        program -> {
          if (what.tuned().isFull()
              && what.layering() == Layering.SCAN
              && what.microBatches() == 1) {
            ExpectedCollectives.check(
                preset, what, Collectives.of(program.executable().executable()));
          }
        });
  }

  private static void check(
      ShardingPreset preset, MeshSteps.Case what, Consumer<ShardedProgram> further) {
    MeshSteps.Result one = ONE.computeIfAbsent(what, MeshStepTest::onOneDevice);
    long handles = Handles.live();
    try (Client client = TestClient.plugin().cpuClient(DEVICES)) {
      ShardingRules rules = preset.on(MeshSteps.mesh(preset, DEVICES));
      try (ShardedProgram program = MeshSteps.compile(client, what, rules)) {
        // A device holds its own blocks of what the preset splits, and nothing else.
        assertEquals(
            program.placement().inputs().stream()
                .mapToLong(entry -> entry.getValue().shard().bytes())
                .sum(),
            program.executable().memory().argument());
        close(one, MeshSteps.run(program, what, STEPS));
        further.accept(program);
      }
    }
    assertEquals(handles, Handles.live());
  }

  private static MeshSteps.Result onOneDevice(MeshSteps.Case what) {
    try (Client client = TestClient.plugin().cpuClient(1);
        ShardedProgram program = MeshSteps.compile(client, what, ShardingRules.none())) {
      return MeshSteps.run(program, what, STEPS);
    }
  }

  private static void close(MeshSteps.Result one, MeshSteps.Result many) {
    for (int step = 0; step < STEPS; step++) {
      assertEquals(one.losses().get(step), many.losses().get(step), LOSS_TOLERANCE, "step " + step);
    }
    assertEquals(one.end().keySet(), many.end().keySet());
    one.end()
        .forEach((name, expected) -> {
          double[] start = Objects.requireNonNull(one.start().get(name));
          double[] got = Objects.requireNonNull(many.end().get(name));
          double moved = 0;
          double off = 0;
          for (int i = 0; i < expected.length; i++) {
            moved += Math.pow(expected[i] - start[i], 2);
            off += Math.pow(expected[i] - got[i], 2);
          }
          assertTrue(moved > 0, name + ": expected to be trained");
          double error = Math.sqrt(off / moved);
          assertTrue(error < TOLERANCE, name + ": off by " + error + " of how far it has moved");
        });
  }

  @Test
  void meshesOfOneDeviceLeaveNoTrace() {
    MeshSteps.Case what =
        new MeshSteps.Case("gpt2", MeshSteps.Tuned.FULL, Layering.SCAN, Remat.DOTS, 2);
    Program plain = TrainProgram.of(what.training(ShardingRules.none()), MeshSteps.BUCKET);
    for (ShardingPreset preset : ShardingPreset.values()) {
      assertEquals(
          Emitter.emit(plain), MeshSteps.text(what, preset.on(MeshSteps.mesh(1, 1, 1, 1))));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TP      | 1 | 1 | 1 | 16 | placement of f32[batch=8, seq=16, kv_head=8, group=2, head_dim=4]: expected "kv_head" to be a multiple of 16 (mesh axes [tensor]), got 8; change the sizes of these mesh axes, or split another axis than "kv_head"
          TP      | 1 | 1 | 1 | 3  | placement of f32[vocab=64, embed=64]: expected "vocab" to be a multiple of 3 (mesh axes [tensor]), got 64; change the sizes of these mesh axes, or split another axis than "vocab"
          ZERO3   | 1 | 3 | 1 | 1  | batch of 8 rows of 16 positions: expected multiples of 3 and 1, the parts that devices cut them into; change the sizes of the mesh, or of the batch
          SP      | 1 | 1 | 5 | 1  | batch of 8 rows of 16 positions: expected multiples of 1 and 5, the parts that devices cut them into; change the sizes of the mesh, or of the batch
          """)
  void saysWhatCannotBeSplit(
      ShardingPreset preset, int data, int fsdp, int sequence, int tensor, String message) {
    MeshSteps.Case what =
        new MeshSteps.Case("llama", MeshSteps.Tuned.FULL, Layering.SCAN, Remat.NOTHING, 1);
    ShardingRules rules = preset.on(MeshSteps.mesh(data, fsdp, sequence, tensor));
    assertEquals(
        message,
        assertThrows(ShapeException.class, () -> MeshSteps.text(what, rules)).getMessage());
  }
}
