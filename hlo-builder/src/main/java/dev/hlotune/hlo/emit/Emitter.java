package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Prints a program as StableHLO text (StableHLO specification, version 1.13): deterministic, byte
 * for byte, without dead code, each line with the location of the Java line it came from.
 */
public final class Emitter {
  private static final String ON_HOST = "mhlo.memory_kind = \"" + HostArrays.HOST + "\"";

  private Emitter() {}

  /** The module's text, for one device. */
  public static String emit(Program program) {
    return emit(program, Partitioning.none());
  }

  /**
   * The module's text, with the placement of each input and output on a mesh of devices.
   *
   * @throws ShapeException if the placements are not those of the program's inputs and outputs
   */
  public static String emit(Program program, Partitioning partitioning) {
    return emit(program, partitioning, Set.of());
  }

  /**
   * The same with inputs and outputs in the memory of the host, from where the program fetches them
   * and where it puts them, few at a time: XLA's memory kind {@code pinned_host}, which TPUs and
   * GPUs have.
   *
   * @param onHost names of inputs and outputs; those that are none of the program's say nothing
   * @throws ShapeException if the placements are not those of the program's inputs and outputs
   */
  public static String emit(Program program, Partitioning partitioning, Set<String> onHost) {
    partitioning.check(program);
    Writer writer = new Writer();
    Scope scope = new Scope(writer, partitioning);
    List<String> arguments = new ArrayList<>();
    HostArrays hostArrays = new HostArrays(writer, scope, program, onHost);
    for (Program.Input input : program.inputs()) {
      Tensor parameter = input.parameter();
      Value value =
          new Value("%arg" + arguments.size(), parameter.dtype(), parameter.shape().axes());
      List<String> attributes = new ArrayList<>(partitioning.input(input));
      if (onHost.contains(input.name())) {
        attributes.add(ON_HOST);
        hostArrays.put(input, value);
      } else {
        scope.put(parameter, value);
      }
      if (input.donatedTo() >= 0) {
        attributes.add("tf.aliasing_output = " + input.donatedTo() + " : " + DType.I32.mlir());
      }
      arguments.add(
          value.name()
              + ": "
              + value.type()
              + braced(attributes)
              + " loc(\""
              + input.name()
              + "\")");
    }
    List<String> types =
        program.outputs().stream()
            .map(output ->
                Value.type(output.shape().dtype(), output.shape().axes())
                    + braced(
                        onHost.contains(output.name())
                            ? with(partitioning.output(output), ON_HOST)
                            : partitioning.output(output)))
            .toList();
    writer.open(
        "module @"
            + program.name()
            + " attributes {mhlo.num_partitions = "
            + partitioning.devices()
            + " : i32, mhlo.num_replicas = 1 : i32} {");
    partitioning.declaration().forEach(writer::line);
    writer.open(
        "func.func public @main("
            + String.join(", ", arguments)
            + ") -> ("
            + String.join(", ", types)
            + ") {");
    List<Value> results;
    if (program.inputs().stream().anyMatch(input -> onHost.contains(input.name()))
        || program.outputs().stream().anyMatch(output -> onHost.contains(output.name()))) {
      results = hostArrays.emit();
    } else {
      new NodeEmitter(writer, scope)
          .emitAll(program.outputs().stream().map(Program.Output::tensor).toList());
      results =
          program.outputs().stream()
              .map(output -> scope.in(output.tensor(), output.shape().axes()))
              .toList();
    }
    writer.line("return " + Writer.names(results) + " : " + Writer.types(results));
    writer.close("}");
    writer.close("}");
    return writer.toString();
  }

  private static List<String> with(List<String> attributes, String one) {
    List<String> more = new ArrayList<>(attributes);
    more.add(one);
    return more;
  }

  private static String braced(List<String> attributes) {
    return attributes.isEmpty() ? "" : " {" + String.join(", ", attributes) + "}";
  }
}
