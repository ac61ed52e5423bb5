package dev.hlotune.sharding;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  /**
   * Rules on one mesh. The parts of a batch ({@link Spread#PART}) lie as its rows and positions do,
   * whatever is said of them.
   *
   * @throws ShapeException for rules on several meshes
   */
  public ShardingRules {
    for (AxisRules rules : List.of(weights, state, gradients)) {
      if (!rules.mesh().equals(computation.mesh())) {
        throw new ShapeException(
            "sharding rules: expected one mesh, got "
                + rules.mesh().axes()
                + " and "
                + computation.mesh().axes());
      }
    }
    Map<String, List<String>> used = new LinkedHashMap<>(computation.rules());
    List<String> parts = new ArrayList<>(used.getOrDefault("batch", List.of()));
    parts.addAll(used.getOrDefault("seq", List.of()));
    used.put(Spread.PART, parts);
    computation = new AxisRules(computation.mesh(), used);
  }

  /** One device. */
  public static ShardingRules none() {
    AxisRules none = new AxisRules(new Mesh(List.of()), Map.of());
    return new ShardingRules(none, none, none, none);
  }

  /**
   * These rules with others for some axes.
   *
   * @param stored by the name of an axis of weights and optimizer state, the mesh axes that split
   *     it instead; none for whole
   * @param computed the same for batches, activations, and weights while they are used
   * @throws dev.hlotune.hlo.ShapeException if one names an axis that the mesh does not have
   */
  public ShardingRules with(Map<String, List<String>> stored, Map<String, List<String>> computed) {
    return new ShardingRules(
        weights.with(stored),
        state.with(stored),
        gradients.with(stored),
        computation.with(computed));
  }

  /** Names of optimizer state among a program's inputs; the outputs have the same. */
  public static Set<String> stateNames(Program program) {
    return program.inputs().stream()
        .map(Program.Input::name)
        .filter(name -> name.startsWith(STATE))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The mesh. */
  public Mesh mesh() {
    return computation.mesh();
  }

  /** Where a weight lies between steps. */
  public Placement weight(Shape shape) {
    return weights.place(shape);
  }

  /** Where a piece of optimizer state lies. */
  public Placement state(Shape shape) {
    return state.place(shape);
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
    return place(
        program,
        names,
        computation::place,
        Map.of(
            Role.ACTIVATION, computation,
            Role.WEIGHT, weights,
            Role.GRADIENT, gradients,
            Role.STATE, state));
  }

  /**
   * The same for a program of which every device is given, and gives, all but the weights: for
   * batches that are too small to be split.
   */
  public ProgramPlacement placeWhole(Program program, Set<String> names) {
    return place(program, names, shape -> Placement.replicated(mesh(), shape), Map.of());
  }

  private ProgramPlacement place(
      Program program,
      Set<String> names,
      Function<Shape, Placement> others,
      Map<Role, AxisRules> inside) {
    BiFunction<String, Shape, Placement> placing =
        (name, shape) ->
            names.contains(name)
                ? weight(shape)
                : name.startsWith(STATE) ? state(shape) : others.apply(shape);
    return new ProgramPlacement(
        mesh(),
        ParamMap.zip(
            program.inputs().stream().map(Program.Input::name).toList(),
            program.inputs().stream()
                .map(input -> placing.apply(input.name(), input.parameter().shape()))
                .toList()),
        ParamMap.zip(
            program.outputs().stream().map(Program.Output::name).toList(),
            program.outputs().stream()
                .map(output -> placing.apply(output.name(), output.shape()))
                .toList()),
        inside);
  }
}
