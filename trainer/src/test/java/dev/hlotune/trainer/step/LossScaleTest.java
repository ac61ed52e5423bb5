package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training in f16 with a scale that follows the gradient. */
class LossScaleTest {
  private static final Bucket BUCKET = new Bucket(2, 12);
  private final CausalModel model = TinyModels.of("gpt2", Layering.SCAN);

  private Training training(DType compute) {
    return new Training(
        Tuning.full(model, compute), TrainProgramTest.adamw(), 1, Regularization.NONE);
  }

  /** The buffers of a start; {@code steps} is how many went well since the scale changed. */
  private TrainState start(Training training, int steps) {
    List<ShardedBuffer> optimizer =
        new ArrayList<>(Weights.zeros(TestClient.storage(), TrainProgram.state(training)));
    int at = TrainProgram.state(training).names().indexOf("optimizer.loss_scale.steps");
    if (at >= 0) {
      optimizer.set(at, TestClient.devices().scalar(steps)).close();
    }
    return TrainState.of(
        training.tuning(), Weights.random(TestClient.storage(), model.parameters(), 5), optimizer);
  }

  private List<float[]> run(DeviceProgram program, TrainState start, int steps) {
    TrainState state = start;
    List<float[]> metrics = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      TrainState.Stepped stepped =
          state.step(program, TinyModels.batch(1, BUCKET, 1), TrainState.Settings.of(1e-2));
      state = stepped.state();
      try (ShardedBuffer buffer = stepped.metrics()) {
        metrics.add(buffer.readFloats());
      }
    }
    state.close();
    return metrics;
  }

  @Test
  void learnsAsInF32() {
    List<List<float[]>> both = new ArrayList<>();
    for (DType compute : List.of(DType.F32, DType.F16)) {
      Training training = training(compute);
      try (DeviceProgram program =
          CompiledProgram.quick(TrainProgram.of(training, BUCKET)).device()) {
        both.add(run(program, start(training, 0), 10));
      }
    }
    for (int step = 0; step < 10; step++) {
      float[] wide = both.get(0).get(step);
      float[] narrow = both.get(1).get(step);
      assertEquals(3, wide.length);
      assertEquals(5, narrow.length);
      assertEquals(wide[TrainProgram.LOSS_SUM], narrow[TrainProgram.LOSS_SUM], 0.02 * wide[0]);
      assertEquals(
          wide[TrainProgram.GRADIENT_NORM],
          narrow[TrainProgram.GRADIENT_NORM],
          0.05 * wide[TrainProgram.GRADIENT_NORM]);
      assertEquals(65536, narrow[TrainProgram.LOSS_SCALE]);
      assertEquals(0, narrow[TrainProgram.LEFT_OUT]);
    }
    assertTrue(both.get(1).get(9)[0] < both.get(1).get(0)[0]);
  }

  @Test
  void doublesAfterManyGoodSteps() {
    Training training = training(DType.F16);
    try (DeviceProgram program =
        CompiledProgram.quick(TrainProgram.of(training, BUCKET)).device()) {
      List<float[]> metrics = run(program, start(training, 1_998), 3);
      assertArrayEquals(
          new double[] {65536, 65536, 131072},
          metrics.stream().mapToDouble(values -> values[TrainProgram.LOSS_SCALE]).toArray());
    }
  }

  @Test
  void leavesOutWhatOverflowsAndHalves() {
    Training training = training(DType.F16);
    TrainState start = start(training, 7);
    // A head so large that states times it has no room in f16 times the scale.
    float[] huge =
        new float[Math.toIntExact(model.parameters().values().getFirst().shape().elements())];
    Arrays.fill(huge, 3e4f);
    List<ShardedBuffer> weights = new ArrayList<>(start.weights());
    weights
        .set(
            0,
            Weights.transfer(
                TestClient.storage(), huge, model.parameters().values().getFirst().shape()))
        .close();
    TrainState state = TrainState.of(training.tuning(), weights, start.optimizer());
    try (DeviceProgram program =
        CompiledProgram.quick(TrainProgram.of(training, BUCKET)).device()) {
      double[] scales = new double[3];
      for (int step = 0; step < scales.length; step++) {
        TrainState.Stepped stepped =
            state.step(program, TinyModels.batch(1, BUCKET, 1), TrainState.Settings.of(1e-2));
        state = stepped.state();
        try (ShardedBuffer buffer = stepped.metrics()) {
          float[] values = buffer.readFloats();
          assertEquals(1, values[TrainProgram.LEFT_OUT]);
          assertFalse(Float.isFinite(values[TrainProgram.GRADIENT_NORM]));
          scales[step] = values[TrainProgram.LOSS_SCALE];
        }
      }
      assertArrayEquals(new double[] {65536, 32768, 16384}, scales);
      assertArrayEquals(huge, state.weights().getFirst().readFloats(), "nothing has changed");
      for (ShardedBuffer buffer : state.optimizer().subList(0, state.optimizer().size() - 3)) {
        for (float value : buffer.readFloats()) {
          assertEquals(0, value);
        }
      }
    }
    state.close();
  }
}
