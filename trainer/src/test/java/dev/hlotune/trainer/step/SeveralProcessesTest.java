package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.RowRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run of several processes does on devices, as far as one process can show it. */
class SeveralProcessesTest {
  /** State that is brought together on the devices is the state. */
  @Test
  void gathersStateThroughTheDevices() {
    CausalModel model = TinyModels.of("llama", Layering.SCAN);
    Training training = TrainProgramTest.training(model, TrainProgramTest.adamw(), 1);
    Mesh mesh =
        new Mesh(
            List.of(
                new Axis("data", 1),
                new Axis("fsdp", 2),
                new Axis("sequence", 1),
                new Axis("tensor", 1)));
    try (Client client = TestClient.get().plugin().cpuClient(2)) {
      DeviceMesh devices = DeviceMesh.of(mesh, client);
      ModelMesh spread =
          new ModelMesh(
              devices,
              ShardingPreset.ZERO3.on(mesh),
              Set.copyOf(model.parameters().names()),
              false);
      ProgramCompiler compiler =
          new ProgramCompiler(spread, devices.compileOptions(), Optional.empty());
      try (TrainState state =
              TrainState.of(
                  training.tuning(),
                  Weights.random(spread.storage(), training.tuning().parameters(), 5),
                  Weights.zeros(spread.stateStorage(), TrainProgram.state(training)));
          StateCopy keeping = StateCopy.gathering(compiler, List.of(training), true);
          StateCopy helping = StateCopy.gathering(compiler, List.of(training), false)) {
        assertTrue(state.weights().stream().anyMatch(weight -> !weight.isWhole()));
        HeldState expected = HeldState.of(state);
        HeldState got = keeping.take(state, _ -> true);
        assertEquals(expected.weights().size(), got.weights().size());
        for (int i = 0; i < expected.weights().size(); i++) {
          assertArrayEquals(
              expected.weights().get(i).readFloats(), got.weights().get(i).readFloats());
        }
        assertEquals(expected.optimizer().size(), got.optimizer().size());
        assertTrue(keeping.isNeeded());
        assertTrue(helping.take(state, _ -> true).weights().isEmpty());
      }
      try (StateCopy plain = StateCopy.of(compiler, List.of(training), true)) {
        assertFalse(plain.isNeeded());
      }
    }
  }

  /** Rows of other processes are left empty, in each micro-batch. */
  @Test
  void rowsGoWhereTheyAreInTheWholeBatch() {
    int[] own = {1, 2, 3, 4, 5, 6, 7, 8};
    Batch batch =
        new Batch(
            new Bucket(4, 2),
            2,
            new RowRange(1, 3),
            own,
            own,
            own,
            own,
            new float[8],
            new BatchCounts(0, 0, 0, 0, 0, 0));
    assertArrayEquals(
        new int[] {0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 0, 0},
        BatchTransfer.whole(batch, MemorySegment.ofArray(own)).toArray(ValueLayout.JAVA_INT));
  }
}
