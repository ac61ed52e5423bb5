package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.sharding.AxisRules;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device holds falls with the number of devices as a preset promises. */
class MeshMemoryTest {
  private static final Bucket BUCKET = new Bucket(8, 128);
  private static final int[] DEVICES = {1, 2, 4, 8};

  /** Four and a half million weights, of which 3,328 are those of norms. */
  private static final CausalModel MODEL =
      Families.of(
          new ModelConfig(
              Map.of(
                  "model_type", "llama",
                  "vocab_size", 2048,
                  "hidden_size", 256,
                  "intermediate_size", 512,
                  "num_hidden_layers", 6,
                  "num_attention_heads", 16,
                  "num_key_value_heads", 8,
                  "head_dim", 16,
                  "max_position_embeddings", 128)),
          new Layout(Layering.SCAN, Remat.EVERYTHING));

  /** Bytes of a device. */
  private record Held(long weights, long gradients, long state) {}

  private static Held held(ShardingPreset preset, int devices) {
    ShardingRules rules = preset.on(MeshSteps.mesh(preset, devices));
    List<Shape> weights = MODEL.parameters().values().stream().map(ParameterSpec::shape).toList();
    return new Held(
        bytes(rules.weights(), weights),
        bytes(rules.gradients(), weights),
        bytes(rules.state(), TrainProgram.state(training(rules)).values()));
  }

  private static long bytes(AxisRules rules, Collection<Shape> shapes) {
    return shapes.stream().mapToLong(shape -> rules.place(shape).shard().bytes()).sum();
  }

  private static Training training(ShardingRules rules) {
    return new Training(
        Tuning.full(MODEL, DType.F32).on(rules.spread()),
        MeshSteps.adamw(),
        2,
        Regularization.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void splitsWhatItPromises(ShardingPreset preset) {
    Held one = held(preset, 1);
    for (int devices : DEVICES) {
      Held own = held(preset, devices);
      switch (preset) {
        case DDP, SP -> assertEquals(one, own);
        case ZERO1 -> {
          assertEquals(one.weights, own.weights);
          assertEquals(one.gradients, own.gradients);
          assertSplit(one.state, own.state, devices);
        }
        case ZERO2 -> {
          assertEquals(one.weights, own.weights);
          assertSplit(one.gradients, own.gradients, devices);
          assertSplit(one.state, own.state, devices);
        }
        case ZERO3, TP, FSDP_TP -> {
          assertSplit(one.weights, own.weights, devices);
          assertSplit(one.gradients, own.gradients, devices);
          assertSplit(one.state, own.state, devices);
        }
      }
    }
  }

  /** But for a thousandth: norms have no axis that tensor parallelism splits. */
  private static void assertSplit(long whole, long own, int devices) {
    assertTrue(
        own >= whole / devices && own <= whole / devices + whole / 1000,
        own + " of " + whole + " over " + devices);
  }

  /** Arguments, and what is needed beside them, of programs as they are compiled. */
  @Tag("slow")
  @Test
  void programsTakeNoMoreThanTheyShould() throws IOException {
    Map<ShardingPreset, List<CompiledMemory>> all = new EnumMap<>(ShardingPreset.class);
    StringBuilder table = new StringBuilder();
    CompiledMemory alone = compiled(ShardingPreset.DDP, 1);
    for (ShardingPreset preset : ShardingPreset.values()) {
      List<CompiledMemory> own = new ArrayList<>();
      for (int devices : DEVICES) {
        own.add(devices == 1 ? alone : compiled(preset, devices));
        Held held = held(preset, devices);
        table.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                preset.spelled(),
                devices,
                held.weights / 1e6,
                held.gradients / 1e6,
                held.state / 1e6,
                own.getLast().argument() / 1e6,
                own.getLast().temporary() / 1e6));
      }
      all.put(preset, own);
    }
    Path target = Repository.root().resolve("trainer/target/mesh-memory.md");
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Files.writeString(target, table);
    long weights = held(ShardingPreset.DDP, 1).weights;
    for (int i = 1; i < DEVICES.length; i++) {
      CompiledMemory ddp = of(all, ShardingPreset.DDP, i);
      CompiledMemory zero1 = of(all, ShardingPreset.ZERO1, i);
      CompiledMemory zero2 = of(all, ShardingPreset.ZERO2, i);
      CompiledMemory zero3 = of(all, ShardingPreset.ZERO3, i);
      long gone = weights - weights / DEVICES[i];
      assertTrue(ddp.argument() - zero1.argument() > 1.99 * gone, table::toString);
      assertTrue(zero1.temporary() - zero2.temporary() > 0.9 * gone, table::toString);
      assertTrue(zero2.argument() - zero3.argument() > 0.99 * gone, table::toString);
      // What is put together for a layer is gone after it.
      assertTrue(zero3.temporary() - zero2.temporary() < 0.5 * weights, table::toString);
    }
  }

  private static CompiledMemory of(
      Map<ShardingPreset, List<CompiledMemory>> all, ShardingPreset preset, int index) {
    return Objects.requireNonNull(all.get(preset)).get(index);
  }

  private static CompiledMemory compiled(ShardingPreset preset, int devices) {
    ShardingRules rules = preset.on(MeshSteps.mesh(preset, devices));
    Program program = TrainProgram.of(training(rules), BUCKET);
    ProgramPlacement placement = rules.place(program, new HashSet<>(MODEL.parameters().names()));
    try (Client client = TestClient.plugin().cpuClient(devices);
        LoadedExecutable executable =
            client.compile(
                Emitter.emit(program, placement.partitioning()),
                DeviceMesh.of(rules.mesh(), client).compileOptions())) {
      return executable.memory();
    }
  }
}
