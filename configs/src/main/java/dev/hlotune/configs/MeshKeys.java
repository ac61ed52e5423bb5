package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

/** The keys of the mesh, and of what is split over it. */
final class MeshKeys {
  private MeshKeys() {}

  /** Where help has them. */
  static final String SECTION = "Devices";

  /** The mapping that a recipe has its sizes in. */
  static final String MESH = "mesh";

  static final Key<Integer> DATA =
      size(
          MeshAxis.DATA,
          "Devices that batches are split over; in a recipe 'mesh: {data: 2, fsdp: 4}'. One size"
              + " may be -1, the rest of the devices. Without it, 1, unless it is the axis of the"
              + " 'sharding_strategy': then the rest.");

  static final Key<Integer> FSDP =
      size(
          MeshAxis.FSDP,
          "Devices that batches are split over and weights too, which are gathered where they are"
              + " used. Without it, as for 'mesh.data'.");

  static final Key<Integer> SEQUENCE =
      size(
          MeshAxis.SEQUENCE,
          "Devices that rows are split over, along their length. Without it, as for 'mesh.data'.");

  static final Key<Integer> TENSOR =
      size(
          MeshAxis.TENSOR,
          "Devices that heads, hidden units of MLPs and words are split over. Without it, as for"
              + " 'mesh.data'.");

  static final Key<ShardingStrategy> STRATEGY =
      Key.optional(
          "sharding_strategy",
          Choice.of(ShardingStrategy.values()),
          "What is split: batches ('ddp'), the optimizer's state too ('zero1'), summed gradients"
              + " too ('zero2'), weights too ('zero3', also 'fsdp'), heads and hidden units ('tp'),"
              + " these and weights ('fsdp+tp'), or rows along their length ('sp'). Without it, what"
              + " the axes of the mesh say.");

  static final Key<Map<String, List<String>>> PARAMETER_RULES =
      Key.optional(
          "parameter_axis_rules",
          new AxisRuleList(),
          "Which axes of weights are split over which of the mesh, in place of what the strategy"
              + " has for them: 'embed=fsdp', 'mlp=tensor+fsdp', 'embed=' for whole. Without it, the"
              + " strategy's.");

  static final Key<Map<String, List<String>>> COMPUTE_RULES =
      Key.optional(
          "compute_axis_rules",
          new AxisRuleList(),
          "The same for batches, activations, and weights while they are used. Without it, the"
              + " strategy's.");

  static final Key<Integer> NUM_DEVICES =
      Key.optional(
          "num_devices",
          WholeNumber.atLeast(1),
          "How many devices the run takes, of all processes; the first ones. Without it, all of"
              + " them where there is a mesh or a strategy, else one.");

  static final Key<Integer> CPU_DEVICES =
      Key.optional(
              "cpu_device_count",
              WholeNumber.atLeast(1),
              "On the CPU: how many devices each process divides its processors into. Without it,"
                  + " as many as the mesh takes.")
          .alias("jax_num_cpu_devices");

  static final Key<OffloadOptimizer> OFFLOAD_OPTIMIZER =
      Key.preset(
          "offload_optimizer",
          Choice.of(OffloadOptimizer.values()),
          OffloadOptimizer.NONE,
          "Where the optimizer's state lies between updates: on the devices, or in the memory of"
              + " the host, where the device has such a memory.");

  private static Key<Integer> size(MeshAxis axis, String explanation) {
    return Key.optional(MESH + "." + axis.spelled(), new MeshSize(), explanation);
  }

  /** The key of the size along an axis. */
  static Key<Integer> of(MeshAxis axis) {
    return switch (axis) {
      case DATA -> DATA;
      case FSDP -> FSDP;
      case SEQUENCE -> SEQUENCE;
      case TENSOR -> TENSOR;
    };
  }
}
