package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.hlo.optim.Optimizers;
import dev.hlotune.hlo.optim.PerWeight;
import dev.hlotune.hlo.optim.ScaleByAdam;
import dev.hlotune.hlo.optim.ScaleByFactoredRms;
import dev.hlotune.hlo.optim.ScaleByLion;
import dev.hlotune.hlo.optim.ScaleByMuon;
import dev.hlotune.hlo.optim.ScaleByParameterRms;
import dev.hlotune.hlo.optim.ScaleByRelativeStep;
import dev.hlotune.hlo.optim.WeightGroups;
import dev.hlotune.hlo.optim.WeightRole;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.Bucket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every optimizer in a whole training step: one executable goes on for ever, in the memory that it
 * was given, and learns.
 */
class OptimizersOnDeviceTest {
  private static final int STEPS = 40;
  private static final WeightGroups GROUPS =
      new WeightGroups(
          new PerWeight(name -> name.contains(".1.") ? 0.5 : 1),
          new PerWeight(name -> DecayMask.decays(name) ? 0.01 : 0));

  @ParameterizedTest
  @CsvSource({
    "adamw-bf16, llama, SCAN, 0.01",
    "adamw8bit, gpt2, SCAN, 0.01",
    "adamw8bit, llama, UNROLL, 0.01",
    "adafactor, gpt2, SCAN, 0.02",
    "adafactor-relative, llama, UNROLL, 1",
    "lion, gpt2, UNROLL, 0.003",
    "sgd, llama, SCAN, 0.3",
    "muon, gpt2, SCAN, 0.02",
    "muon-bf16, llama, UNROLL, 0.02",
  })
  void goesOnForEver(String name, String family, Layering layering, double rate) {
    CausalModel model = TinyModels.of(family, layering);
    Optimizer optimizer = optimizer(name);
    Bucket bucket = new Bucket(4, 12);
    Batch batch = TinyModels.batch(1, bucket, 1);
    Training training = TrainProgramTest.training(model, optimizer, 1);
    ParamMap<Shape> shapes = TrainProgram.state(training);
    long bytes =
        model.parameters().values().stream().mapToLong(spec -> spec.shape().bytes()).sum()
            + shapes.values().stream().mapToLong(Shape::bytes).sum();
    try (DeviceProgram program =
        CompiledProgram.quick(TrainProgram.of(training, bucket)).device()) {
      assertEquals(bytes, program.memory().alias(), "all state stays in its place");
      TrainState state =
          TrainState.of(
              training.tuning(),
              Weights.random(TestClient.storage(), model.parameters(), 5),
              Weights.zeros(TestClient.storage(), shapes));
      double first = 0;
      double last = 0;
      for (int step = 0; step < STEPS; step++) {
        TrainState.Stepped stepped = state.step(program, batch, TrainState.Settings.of(rate));
        state = stepped.state();
        try (ShardedBuffer metrics = stepped.metrics()) {
          float[] values = metrics.readFloats();
          last = values[TrainProgram.LOSS_SUM] / values[TrainProgram.WEIGHT_SUM];
          first = step == 0 ? last : first;
        }
      }
      state.close();
      assertTrue(last < 0.75 * first, "loss from " + first + " to " + last);
    }
  }

  private static Optimizer optimizer(String name) {
    DType stored = name.endsWith("-bf16") ? DType.BF16 : DType.F32;
    ScaleByAdam adam = new ScaleByAdam(0.9, 0.99, 1e-8, stored);
    ScaleByFactoredRms factored = new ScaleByFactoredRms(1e-30, -0.8, 1);
    return switch (name) {
      case "adamw-bf16" -> Optimizers.decoupled(1, adam, GROUPS);
      case "adamw8bit" ->
          Optimizers.adamw8bit(
              1,
              adam,
              (weight, shape) -> WeightRole.of(weight, shape) == WeightRole.MATRIX,
              GROUPS);
      case "adafactor" -> Optimizers.adafactor(1, factored, List.of(), GROUPS);
      case "adafactor-relative" ->
          Optimizers.adafactor(
              1,
              factored,
              List.of(new ScaleByParameterRms(1e-1), new ScaleByRelativeStep(false)),
              GROUPS);
      case "lion" -> Optimizers.decoupled(1, new ScaleByLion(0.9, 0.99, stored), GROUPS);
      case "sgd" -> Optimizers.sgd(1, 0.9, true, stored, GROUPS);
      case "muon", "muon-bf16" ->
          Optimizers.muon(
              0,
              new ScaleByMuon(
                  new ScaleByMuon.Momentum(0.95, 0.85, 10, true),
                  5,
                  stored,
                  ScaleByMuon.Adjustment.ORIGINAL,
                  _ -> false,
                  stored),
              adam,
              GROUPS);
      default -> throw new IllegalArgumentException(name);
    };
  }
}
