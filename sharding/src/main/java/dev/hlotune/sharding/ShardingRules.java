package dev.hlotune.sharding;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.Spread;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a training is spread over a mesh: rules for what is stored, and rules for what is computed.
 * Everything that has no rule is whole on every device.
 *
 * @param weights where weights lie between steps
 * @param state where optimizer state lies
 * @param gradients where gradients are summed
 * @param computation where batches, activations, and weights while they are used lie
 */
public record ShardingRules(
    AxisRules weights, AxisRules state, AxisRules gradients, AxisRules computation) {
  /** What names of optimizer state begin with among a program's inputs and outputs. */
  public static final String STATE = "optimizer.";

  /** The mesh axes by the names that recipes give them, the outermost first. */
  public static final List<String> MESH_AXES = List.of("data", "fsdp", "sequence", "tensor");

  /** One device. */
  public static ShardingRules none() {
    AxisRules none = new AxisRules(new Mesh(List.of()), Map.of());
    return new ShardingRules(none, none, none, none);
  }

  /** The mesh. */
  public Mesh mesh() {
    return computation.mesh();
  }

  /** Into how many parts devices cut what is computed; programs are built with it. */
  public Spread spread() {
    return new Spread(parts("batch"), parts("seq"), parts("attention"));
  }

  private int parts(String axis) {
    return computation.rules().getOrDefault(axis, List.of()).stream()
        .mapToInt(mesh()::size)
        .reduce(1, Math::multiplyExact);
  }

  /**
   * Where everything that a program takes and gives lies: weights and optimizer state by their
   * names, all else as it is computed with.
   *
   * @param names of the weights
   * @throws dev.hlotune.hlo.ShapeException if a rule does not fit one of the shapes
   */
  public ProgramPlacement place(Program program, Set<String> names) {
    return new ProgramPlacement(
        mesh(),
        ParamMap.zip(
            program.inputs().stream().map(Program.Input::name).toList(),
            program.inputs().stream()
                .map(input -> place(input.name(), input.parameter().shape(), names))
                .toList()),
        ParamMap.zip(
            program.outputs().stream().map(Program.Output::name).toList(),
            program.outputs().stream()
                .map(output -> place(output.name(), output.shape(), names))
                .toList()),
        Map.of(
            Role.ACTIVATION, computation,
            Role.WEIGHT, weights,
            Role.GRADIENT, gradients,
            Role.STATE, state));
  }

  private Placement place(String name, Shape shape, Set<String> weightNames) {
    if (weightNames.contains(name)) {
      return weights.place(shape);
    }
    return (name.startsWith(STATE) ? state : computation).place(shape);
  }
}
