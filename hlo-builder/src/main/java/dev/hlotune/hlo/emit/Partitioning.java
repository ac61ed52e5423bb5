package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a program is spread over devices, as Shardy's annotations say it (Shardy, "Sharding
 * representation"). This is syntax alone; who is placed where is decided by the caller.
 *
 * <p>A placement has one entry per dimension, in the order of the shape: the mesh axes that the
 * dimension is split over, the outermost first, none where every device has all of it.
 *
 * @param mesh the axes of the mesh, the outermost first; devices are numbered row by row; none for
 *     a program of one device, whose text has no annotations
 * @param inputs a placement for each input, by its name
 * @param outputs a placement for each output, by its name
 * @param rules what splits tensors inside the program: mesh axes by the name of a tensor's axis,
 *     for each role that has them; a weight is stored by the rules of {@link Role#WEIGHT} and used
 *     by those of {@link Role#ACTIVATION}. Where a role has none, the compiler is left to choose
 */
public record Partitioning(
    List<Axis> mesh,
    Map<String, List<List<String>>> inputs,
    Map<String, List<List<String>>> outputs,
    Map<Role, Map<String, List<String>>> rules) {
  private static final String MESH = "mesh";

  /**
   * Checks the mesh axes; shapes are checked against the program when it is emitted.
   *
   * @throws ShapeException for mesh axes of one name, or a placement with an axis that the mesh
   *     does not have, or with one axis twice
   */
  public Partitioning {
    mesh = List.copyOf(mesh);
    inputs = Map.copyOf(inputs);
    outputs = Map.copyOf(outputs);
    rules = Map.copyOf(rules);
    Set<String> known = new HashSet<>();
    for (Axis axis : mesh) {
      if (!known.add(axis.name())) {
        throw new ShapeException("mesh: expected distinct axes, got " + mesh);
      }
    }
    check("input", inputs, mesh, known);
    check("output", outputs, mesh, known);
    List<Axis> axes = mesh;
    rules.forEach((role, own) ->
        own.forEach((name, rule) ->
            check(
                role.name().toLowerCase(Locale.ROOT) + " rule",
                Map.of(name, List.of(rule)),
                axes,
                known)));
  }

  /** Placements of inputs and outputs alone. */
  public Partitioning(
      List<Axis> mesh,
      Map<String, List<List<String>>> inputs,
      Map<String, List<List<String>>> outputs) {
    this(mesh, inputs, outputs, Map.of());
  }

  private static void check(
      String role, Map<String, List<List<String>>> placements, List<Axis> mesh, Set<String> known) {
    placements.forEach((name, placement) -> {
      List<String> used = placement.stream().flatMap(List::stream).toList();
      if (!known.containsAll(used) || new HashSet<>(used).size() != used.size()) {
        throw new ShapeException(
            role
                + " \""
                + name
                + "\": expected mesh axes among "
                + mesh
                + ", each once, got "
                + placement);
      }
    });
  }

  /** One device. */
  public static Partitioning none() {
    return new Partitioning(List.of(), Map.of(), Map.of());
  }

  /** How many devices the program runs on. */
  public int devices() {
    return mesh.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
  }

  private boolean isNone() {
    return mesh.isEmpty();
  }

  /** The module's line that declares the mesh; none without one. */
  List<String> declaration() {
    return isNone()
        ? List.of()
        : List.of(
            mesh.stream()
                .map(axis -> "\"" + axis.name() + "\"=" + axis.size())
                .collect(Collectors.joining(", ", "sdy.mesh @" + MESH + " = <[", "]>")));
  }

  /** Whether tensors of a role have a placement inside the program. */
  boolean constrains(Role role) {
    return !isNone() && rules.containsKey(role);
  }

  /** Whether an axis of what is computed with is split. */
  boolean isSplit(Axis axis) {
    return !isNone() && !rules(Role.ACTIVATION).getOrDefault(axis.name(), List.of()).isEmpty();
  }

  /**
   * Where a value of a role lies.
   *
   * @throws ShapeException if the rules do not fit its shape
   */
  String placement(Role role, Value value) {
    Shape shape = new Shape(value.dtype(), value.order());
    List<List<String>> splits = Splits.of(shape, rules(role));
    Splits.check(mesh, shape, splits);
    return text(splits);
  }

  private Map<String, List<String>> rules(Role role) {
    return rules.getOrDefault(role, Map.of());
  }

  /** The attribute of an input; none without a mesh. */
  List<String> input(Program.Input input) {
    return attribute("input", input.name(), input.parameter().shape(), inputs);
  }

  /** The attribute of an output; none without a mesh. */
  List<String> output(Program.Output output) {
    return attribute("output", output.name(), output.shape(), outputs);
  }

  private List<String> attribute(
      String role, String name, Shape shape, Map<String, List<List<String>>> placements) {
    if (isNone()) {
      return List.of();
    }
    List<List<String>> placement = placements.get(name);
    if (placement == null || placement.size() != shape.rank()) {
      throw new ShapeException(
          role
              + " \""
              + name
              + "\": expected a placement with an entry for each of "
              + shape.axes()
              + ", got "
              + (placement == null ? "none" : placement));
    }
    return List.of("sdy.sharding = #sdy.sharding" + text(placement));
  }

  private static String text(List<List<String>> placement) {
    return placement.stream()
        .map(Partitioning::dimension)
        .collect(Collectors.joining(", ", "<@" + MESH + ", [", "]>"));
  }

  private static String dimension(List<String> axes) {
    return axes.stream()
        .map(axis -> "\"" + axis + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Refuses placements that no emitted program could honour. */
  void check(Program program) {
    if (isNone()) {
      return;
    }
    known("input", inputs, program.inputs().stream().map(Program.Input::name).toList());
    known("output", outputs, program.outputs().stream().map(Program.Output::name).toList());
    for (Program.Input input : program.inputs()) {
      if (input.donatedTo() >= 0) {
        String output = program.outputs().get(input.donatedTo()).name();
        if (!input(input).equals(output(program.outputs().get(input.donatedTo())))) {
          throw new ShapeException(
              "input \""
                  + input.name()
                  + "\" donated to output \""
                  + output
                  + "\": expected one placement, got "
                  + inputs.get(input.name())
                  + " and "
                  + outputs.get(output));
        }
      }
    }
  }

  private static void known(
      String role, Map<String, List<List<String>>> placements, List<String> names) {
    Set<String> unknown = new HashSet<>(placements.keySet());
    names.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new ShapeException(
          "placements: expected names of the program's "
              + role
              + "s, got "
              + unknown.stream().sorted().toList()
              + " besides");
    }
  }
}
