package dev.hlotune.sharding;

import dev.hlotune.hlo.ShapeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The usual ways to spread a training, as rules. ZeRO's stages are those of Rajbhandari et al. 2020
 * ("ZeRO: Memory Optimizations Toward Training Trillion Parameter Models", section 5); stage 3 is
 * what PyTorch calls FSDP; tensor parallelism is that of Shoeybi et al. 2019 ("Megatron-LM"),
 * section 3.
 */
public enum ShardingPreset {
  /** Batches are split, everything else is whole everywhere. */
  DDP("ddp", "data"),
  /** As {@link #DDP}, with optimizer state split. */
  ZERO1("zero1", "data"),
  /** As {@link #ZERO1}, with summed gradients split too. */
  ZERO2("zero2", "data"),
  /** As {@link #ZERO2}, with weights split too, and gathered where they are used. */
  ZERO3("zero3", "fsdp"),
  /** Heads, the hidden units of MLPs and words are split, and batches are not. */
  TP("tp", "tensor"),
  /** {@link #ZERO3} along one axis of the mesh and {@link #TP} along another. */
  FSDP_TP("fsdp+tp", "fsdp"),
  /** Rows are split along their length. */
  SP("sp", "sequence");

  private final String spelled;
  private final String mainAxis;

  ShardingPreset(String spelled, String mainAxis) {
    this.spelled = spelled;
    this.mainAxis = mainAxis;
  }

  /** As recipes spell it. */
  public String spelled() {
    return spelled;
  }

  /** The axis of the mesh that takes all devices where a recipe names no mesh. */
  public String mainAxis() {
    return mainAxis;
  }

  /**
   * Its rules on a mesh.
   *
   * @throws ShapeException if the mesh lacks an axis of {@link ShardingRules#MESH_AXES}
   */
  public ShardingRules on(Mesh mesh) {
    Map<String, List<String>> computation = new LinkedHashMap<>();
    computation.put("batch", List.of("data", "fsdp"));
    computation.put("seq", List.of("sequence"));
    for (String axis : List.of("attention", "keys", "kv_head", "mlp", "vocab")) {
      computation.put(axis, List.of("tensor"));
    }
    Map<String, List<String>> whole = new LinkedHashMap<>();
    for (String axis : List.of("attention", "keys", "qkv", "mlp", "gate_up", "vocab")) {
      whole.put(axis, List.of("tensor"));
    }
    Map<String, List<String>> split = new LinkedHashMap<>(whole);
    split.put("embed", List.of(this == ZERO1 || this == ZERO2 ? "data" : "fsdp"));
    boolean splitsState = this != DDP && this != TP && this != SP;
    boolean splitsGradients = splitsState && this != ZERO1;
    boolean splitsWeights = splitsGradients && this != ZERO2;
    return new ShardingRules(
        new AxisRules(mesh, splitsWeights ? split : whole),
        new AxisRules(mesh, splitsState ? split : whole),
        new AxisRules(mesh, splitsGradients ? split : whole),
        new AxisRules(mesh, computation));
  }
}
