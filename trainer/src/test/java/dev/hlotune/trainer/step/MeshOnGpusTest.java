package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.pjrt.Topology;
import dev.hlotune.sharding.ShardingPreset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What devices tell one another where the compiler is that of GPUs, for eight of them that are not
 * there. It has operations that the compiler for CPUs puts together of others.
 */
@Tag("slow")
class MeshOnGpusTest {
  private static final MeshSteps.Case LLAMA =
      new MeshSteps.Case("llama", MeshSteps.Tuned.FULL, Layering.SCAN, Remat.NOTHING, 1);

  /** XLA's {@code GpuTargetConfigProto} of an H100. */
  private static final String H100 =
      """
      gpu_device_info {
        threads_per_block_limit: 1024
        threads_per_warp: 32
        shared_memory_per_block: 49152
        shared_memory_per_core: 233472
        threads_per_core_limit: 2048
        core_count: 132
        fpus_per_core: 128
        block_dim_limit_x: 2147483647
        block_dim_limit_y: 65535
        block_dim_limit_z: 65535
        memory_bandwidth: 3352320000000
        l2_cache_size: 52428800
        clock_rate_ghz: 1.98
        device_memory_size: 84978434048
        shared_memory_per_block_optin: 232448
        cuda_compute_capability { major: 9 }
        registers_per_core_limit: 65536
        registers_per_block_limit: 65536
      }
      platform_name: "CUDA"
      device_description_str: "NVIDIA H100 80GB HBM3"
      """;

  private static List<Collectives> compiled(ShardingPreset preset) {
    PluginRegistry registry = PluginRegistry.ofEnvironment(true);
    assumeTrue(
        registry.locate(PluginTarget.CUDA13).isPresent(), "the plugin for CUDA is not installed");
    try (Topology topology =
            registry
                .load(PluginTarget.CUDA13, PluginRegistry.Progress.silent())
                .topology("eight", Map.of("target_config", H100, "topology", "1x1x8"));
        Executable executable =
            topology.compile(
                MeshSteps.text(LLAMA, preset.on(MeshSteps.mesh(preset, 8))),
                CompileOptions.sharded(8))) {
      return Collectives.of(executable);
    }
  }

  private static long layer() {
    return LLAMA.model().parameters().subset((name, _) -> name.contains(".*.")).values().stream()
            .map(ParameterSpec::shape)
            .mapToLong(shape -> shape.elements())
            .sum()
        / MeshSteps.LAYERS;
  }

  /** A layer's weights at once, forward and back, and its gradients at once, each to its device. */
  @Test
  void gradientsOfSplitWeightsAreScattered() {
    List<Collectives> found = compiled(ShardingPreset.ZERO3);
    List<Long> gathered =
        found.stream()
            .filter(one -> one.kind().equals("all-gather"))
            .map(Collectives::elements)
            .filter(elements -> elements >= layer())
            .toList();
    assertEquals(2, gathered.size(), found::toString);
    assertEquals(
        1,
        found.stream()
            .filter(one -> one.kind().equals("reduce-scatter") && one.elements() == layer() / 8)
            .count(),
        found::toString);
    assertTrue(
        found.stream()
            .filter(one -> one.kind().equals("all-reduce"))
            .allMatch(one -> one.elements() < 8),
        found::toString);
  }

  /** Twice forward and twice back, of the states and nothing more. */
  @Test
  void tensorParallelLayersAddTheirStatesFourTimes() {
    List<Collectives> found = compiled(ShardingPreset.TP);
    Collectives.Array states =
        new Collectives.Array(
            true, List.of((long) MeshSteps.BUCKET.tokens(), (long) MeshSteps.WIDTH));
    assertEquals(
        4,
        found.stream()
            .filter(one -> one.kind().equals("all-reduce") && one.shapes().contains(states))
            .count(),
        found::toString);
    // And once for the embedding, once for the loss, and some numbers of each position there.
    long all =
        found.stream()
            .filter(one -> one.kind().equals("all-reduce"))
            .mapToLong(Collectives::elements)
            .sum();
    assertTrue(all < 6.1 * states.elements(), found::toString);
  }
}
