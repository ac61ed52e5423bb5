package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimizer steps on the device. */
class TrainStepTest {
  private static final double TOLERANCE = 1e-5;

  private long handles;

  @BeforeEach
  void countHandles() {
    TestClient.get();
    handles = Handles.live();
  }

  @AfterEach
  void leavesNoHandle() {
    assertEquals(handles, Handles.live(), "open handles");
  }

  /** Whatever way the rows are dealt out, one of the micro-batches without a supervised token. */
  @ParameterizedTest
  @CsvSource({"gpt2, UNROLL", "llama, SCAN"})
  void fourMicroBatchesEqualOneBatch(String family, Layering layering) {
    CausalModel model = TinyModels.of(family, layering);
    Optimizer optimizer = Optimizer.sgd(0.9, false, 1);
    Result whole = threeSteps(model, optimizer, new Bucket(8, 12), 1);
    Result parts = threeSteps(model, optimizer, new Bucket(2, 12), 4);
    assertEquals(whole.values.size(), parts.values.size());
    for (int i = 0; i < whole.values.size(); i++) {
      double error = RelativeError.of(whole.values.get(i), parts.values.get(i), _ -> true);
      assertTrue(error <= TOLERANCE, "tensor " + i + ": relative error " + error);
    }
  }

  @Test
  void donatedStateIsGone() {
    Bucket bucket = new Bucket(2, 12);
    CausalModel model = TinyModels.of("gpt2", Layering.SCAN);
    Optimizer optimizer = TrainProgramTest.adamw();
    Batch batch = TinyModels.batch(1, bucket, 1);
    try (DeviceProgram program = compile(model, optimizer, bucket, 1);
        TrainState before = start(model, optimizer)) {
      TrainState.Stepped stepped = before.step(program, batch, TrainState.Settings.of(1e-3));
      try (TrainState after = stepped.state();
          ShardedBuffer metrics = stepped.metrics()) {
        assertEquals(3, metrics.readFloats().length);
        for (ShardedBuffer donated : before.weights()) {
          assertFalse(donated.first().isOpen());
        }
        assertThrows(IllegalStateException.class, () -> before.optimizer().getFirst().readFloats());
        after.weights().forEach(weight -> assertTrue(weight.first().isOpen()));
      }
      // What of the outputs does not stand in an argument is the metrics alone.
      long state =
          model.parameters().values().stream().mapToLong(spec -> spec.shape().bytes()).sum()
              + TrainProgram.state(TrainProgramTest.training(model, optimizer, 1)).values().stream()
                  .mapToLong(Shape::bytes)
                  .sum();
      assertEquals(state, program.memory().alias());
    }
  }

  @Test
  void everyBucketIsCompiledOnce() {
    List<Bucket> buckets = List.of(new Bucket(4, 6), new Bucket(2, 12));
    CausalModel model = TinyModels.of("llama", Layering.SCAN);
    Optimizer optimizer = TrainProgramTest.adamw();
    DeviceProgram first = compile(model, optimizer, buckets.get(0), 1);
    DeviceProgram second = compile(model, optimizer, buckets.get(1), 1);
    try (StepCache cache = new StepCache(Map.of(buckets.get(0), first, buckets.get(1), second))) {
      TrainState state = start(model, optimizer);
      long running = Handles.live();
      List<Double> losses = new ArrayList<>();
      for (int step = 0; step < 20; step++) {
        Bucket bucket = buckets.get(step % 2);
        TrainState.Stepped stepped =
            state.step(
                cache.get(bucket), TinyModels.batch(1, bucket, 1), TrainState.Settings.of(1e-2));
        state = stepped.state();
        try (ShardedBuffer metrics = stepped.metrics()) {
          float[] values = metrics.readFloats();
          losses.add((double) values[TrainProgram.LOSS_SUM] / values[TrainProgram.WEIGHT_SUM]);
          assertTrue(values[TrainProgram.GRADIENT_NORM] > 0);
        }
      }
      assertEquals(running, Handles.live(), "a step leaves as many handles as it found");
      state.close();
      assertSame(first, cache.get(buckets.get(0)));
      assertSame(second, cache.get(buckets.get(1)));
      assertThrows(IllegalStateException.class, () -> cache.get(new Bucket(1, 24)));
      assertTrue(losses.get(18) < 0.8 * losses.get(0), () -> "losses " + losses);
      assertTrue(losses.get(19) < 0.8 * losses.get(1), () -> "losses " + losses);
    }
  }

  /** All state after three steps, then the metrics of each. */
  private record Result(List<double[]> values) {}

  private Result threeSteps(
      CausalModel model, Optimizer optimizer, Bucket bucket, int microBatches) {
    List<double[]> values = new ArrayList<>();
    try (DeviceProgram program = compile(model, optimizer, bucket, microBatches)) {
      TrainState state = start(model, optimizer);
      for (int step = 0; step < 3; step++) {
        TrainState.Stepped stepped =
            state.step(
                program, TinyModels.batch(step, bucket, microBatches), TrainState.Settings.of(0.1));
        state = stepped.state();
        try (ShardedBuffer metrics = stepped.metrics()) {
          values.add(doubles(metrics));
        }
      }
      state.weights().forEach(buffer -> values.add(doubles(buffer)));
      state.optimizer().forEach(buffer -> values.add(doubles(buffer)));
      state.close();
    }
    return new Result(values);
  }

  private static double[] doubles(ShardedBuffer buffer) {
    float[] values = buffer.readFloats();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private TrainState start(CausalModel model, Optimizer optimizer) {
    return TrainState.of(
        Tuning.full(model, DType.F32),
        Weights.random(TestClient.storage(), model.parameters(), 5),
        Weights.zeros(
            TestClient.storage(),
            TrainProgram.state(TrainProgramTest.training(model, optimizer, 1))));
  }

  private static DeviceProgram compile(
      CausalModel model, Optimizer optimizer, Bucket bucket, int microBatches) {
    return CompiledProgram.quick(
            TrainProgram.of(TrainProgramTest.training(model, optimizer, microBatches), bucket))
        .device();
  }
}
