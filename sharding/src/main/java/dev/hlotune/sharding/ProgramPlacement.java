package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Partitioning;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where everything that a program takes and gives lies on a mesh.
 *
 * @param mesh the mesh
 * @param inputs by name, in the order of the program's inputs
 * @param outputs by name, in the order of the program's outputs
 * @param rules for what lies inside the program, by its role; where a role has none, the compiler
 *     is left to choose
 */
public record ProgramPlacement(
    Mesh mesh,
    ParamMap<Placement> inputs,
    ParamMap<Placement> outputs,
    Map<Role, AxisRules> rules) {
  /**
   * Placements on one mesh.
   *
   * @throws ShapeException for a placement on another mesh
   */
  public ProgramPlacement {
    rules = Map.copyOf(rules);
    rules.forEach((role, own) -> {
      if (!own.mesh().equals(mesh)) {
        throw new ShapeException(
            role + " rules: expected mesh " + mesh.axes() + ", got " + own.mesh().axes());
      }
    });
    Stream.concat(inputs.stream(), outputs.stream())
        .filter(entry -> !entry.getValue().mesh().equals(mesh))
        .findFirst()
        .ifPresent(entry -> {
          throw new ShapeException(
              "placement of \""
                  + entry.getKey()
                  + "\": expected mesh "
                  + mesh.axes()
                  + ", got "
                  + entry.getValue().mesh().axes());
        });
  }

  /** Inputs and outputs alone. */
  public ProgramPlacement(Mesh mesh, ParamMap<Placement> inputs, ParamMap<Placement> outputs) {
    this(mesh, inputs, outputs, Map.of());
  }

  /**
   * Every input and output placed by the same rules.
   *
   * @throws ShapeException if the rules do not fit one of the shapes
   */
  public static ProgramPlacement of(Program program, AxisRules rules) {
    return new ProgramPlacement(
        rules.mesh(),
        ParamMap.zip(
            program.inputs().stream().map(Program.Input::name).toList(),
            program.inputs().stream()
                .map(input -> rules.place(input.parameter().shape()))
                .toList()),
        ParamMap.zip(
            program.outputs().stream().map(Program.Output::name).toList(),
            program.outputs().stream().map(output -> rules.place(output.shape())).toList()));
  }

  /**
   * The annotations to emit the program with. Mesh axes of size 1 split nothing and are left out,
   * so that the text of a program for one device does not depend on how rules were written.
   */
  public Partitioning partitioning() {
    List<Axis> axes = mesh.axes().stream().filter(axis -> axis.size() > 1).toList();
    Map<Role, Map<String, List<String>>> inside = new EnumMap<>(Role.class);
    rules.forEach((role, own) -> {
      Map<String, List<String>> split = new LinkedHashMap<>();
      own.rules().forEach((axis, meshAxes) -> split.put(axis, within(meshAxes)));
      inside.put(role, split);
    });
    return new Partitioning(axes, entries(inputs), entries(outputs), inside);
  }

  private List<String> within(List<String> meshAxes) {
    return meshAxes.stream().filter(meshAxis -> mesh.size(meshAxis) > 1).toList();
  }

  private Map<String, List<List<String>>> entries(ParamMap<Placement> placements) {
    return placements.map(this::entry).entries();
  }

  private List<List<String>> entry(Placement placement) {
    return placement.splits().stream().map(this::within).toList();
  }
}
