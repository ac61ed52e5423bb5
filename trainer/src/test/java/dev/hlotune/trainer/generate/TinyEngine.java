package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.HostArrays;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.step.RecordedInputs;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An engine with the weights of a recorded model.
 *
 * @param engine compiles quickly
 * @param weights on the device
 */
record TinyEngine(GenerationEngine engine, List<ShardedBuffer> weights) implements AutoCloseable {
  static TinyEngine of(String name, Layering layering, int rows) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model =
        Families.of(new ModelConfig(recorded.config()), new Layout(layering, Remat.NOTHING));
    return new TinyEngine(
        new GenerationEngine(
            TestClient.devices(),
            CompiledProgram.quickCompiler()::compile,
            Tuning.none(model, DType.F32),
            rows),
        RecordedInputs.of(model, recorded.parameters()).values().stream()
            .map(array -> HostArrays.toDevice(array))
            .toList());
  }

  List<Generated> generate(List<int[]> prompts, GenerationSettings settings) {
    return engine.generate(weights, prompts, settings, Optional.empty(), new AtomicBoolean());
  }

  @Override
  public void close() {
    engine.close();
    weights.forEach(ShardedBuffer::close);
  }
}
